"""What people agreed to: a record that only grows."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.audit.models import AppendOnlyError
from dcsn.privacy import all_ids_of
from directory.models import Organisation
from members.wordings import WORDINGS, Wording

if TYPE_CHECKING:
    from members.models.person import Person


class Purpose(models.TextChoices):
    """What for. One consent has one purpose: nobody has to take one to get the other."""

    POST = "post", _("Post sheets to them")
    REMEMBER = "remember", _("Keep their details for the next time")
    CONTACT = "contact", _("Ask them how it went")
    SHARE = "share", _("Pass on what is needed for their help")


class Category(models.TextChoices):
    """Which of their details."""

    NAME = "name", _("Name")
    ADDRESS = "address", _("Address")
    CONTACT = "contact", _("Phone number and e-mail address")
    FORMATS = "formats", _("How they need information")
    NEEDS = "needs", _("What they need help with")


class ConsentQuerySet(models.QuerySet["Consent"]):
    def of(self, person: Person) -> ConsentQuerySet:
        """Those of every record of this person, merged ones too."""
        return self.filter(person_id__in=all_ids_of(person.pk))

    def allows(
        self,
        person: Person,
        purpose: str,
        organisation: Organisation,
        *,
        category: str | None = None,
        at: datetime | None = None,
    ) -> bool:
        """Whether ``organisation`` may do this with the person's details at that time.

        The last word counts: a later withdrawal ends an earlier consent, a later consent renews it.
        """
        now = at or timezone.now()
        last = (
            self.of(person)
            .filter(purpose=purpose, organisation=organisation, at__lte=now, recorded_at__lte=now)
            .order_by("-at", "-recorded_at", "-id")
            .first()
        )
        if last is None or last.withdraws_id is not None:
            return False
        if last.until is not None and last.until <= now:
            return False
        return category is None or category in last.categories

    def update(self, **fields: object) -> NoReturn:
        raise AppendOnlyError("A consent is not changed: record a withdrawal or a new one.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("A consent is not deleted: record a withdrawal.")


class Consent(models.Model):
    """One yes, or one withdrawal of a yes. Never changed, never deleted (a trigger sees to it).

    Holds no words of the person, so it may stay when they are erased: it then shows only that
    somebody's details were kept with agreement.
    """

    class How(models.TextChoices):
        SPOKEN = "spoken", _("Spoken, in person or on the phone")
        WRITTEN = "written", _("In writing")
        ONLINE = "online", _("Ticked on the website")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        "members.Person", on_delete=models.PROTECT, related_name="consents", editable=False
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", editable=False
    )
    purpose = models.CharField(max_length=10, choices=Purpose.choices, editable=False)
    categories = ArrayField(
        models.CharField(max_length=10, choices=Category.choices), default=list, editable=False
    )
    how = models.CharField(max_length=8, choices=How.choices, editable=False)
    wording = models.CharField(max_length=20, editable=False)
    at = models.DateTimeField(_("when they said it"), default=timezone.now, editable=False)
    until = models.DateTimeField(_("until"), null=True, blank=True, editable=False)
    withdraws = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="withdrawals",
        editable=False,
    )
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    # Empty when the person did it themselves, on the website.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["at", "recorded_at", "id"]
        indexes = [
            models.Index(
                fields=["person", "purpose", "organisation", "-at"], name="members_consent_last"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["withdraws"], name="members_consent_withdrawn_once"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("at")),
                name="members_consent_until_after",
                violation_error_message=_("A consent must end after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(withdraws=None) | Q(until=None),
                name="members_consent_withdrawal_has_no_end",
            ),
            models.CheckConstraint(
                condition=~Q(withdraws=F("id")), name="members_consent_not_of_itself"
            ),
            models.CheckConstraint(
                condition=Q(at__lte=F("recorded_at")),
                name="members_consent_not_from_the_future",
                violation_error_message=_("The date is in the future."),
            ),
            models.CheckConstraint(
                condition=Q(how="online") | Q(recorded_by__isnull=False),
                name="members_consent_somebody_recorded",
                violation_error_message=_("Say who recorded what was said or written."),
            ),
        ]

    def __str__(self) -> str:
        return f"consent {self.id}"

    def save(self, *args: object, **kwargs: object) -> None:
        if not self._state.adding:
            raise AppendOnlyError("A consent is not changed: record a withdrawal or a new one.")
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def delete(self, *args: object, **kwargs: object) -> NoReturn:
        raise AppendOnlyError("A consent is not deleted: record a withdrawal.")

    @property
    def is_withdrawal(self) -> bool:
        return self.withdraws_id is not None

    @property
    def words(self) -> Wording | None:
        """What they were asked, in the version of that day."""
        return WORDINGS.get(self.wording)
