"""What people agreed to: a record that only grows."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.audit.append_only import AppendOnly, AppendOnlyQuerySet
from dcsn.privacy import all_ids_of
from directory.models import Organisation
from members.wordings import WORDINGS, Wording, spoken

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
    AGE = "age", _("Age or date of birth")
    FORMATS = "formats", _("How they need information")
    SAFETY = "safety", _("What to know before contacting them")
    NEEDS = "needs", _("What they need help with")
    CIRCLE = "circle", _("Who lives with them and who cares for them")
    EMERGENCY = "emergency", _("Whom to ring in an emergency")
    EARLIER = "earlier", _("What help they have had before")


# What a receiver needs in order to ring somebody up and help; the form begins with these ticked.
USUALLY_SHARED = (
    Category.NAME,
    Category.CONTACT,
    Category.FORMATS,
    Category.SAFETY,
    Category.NEEDS,
)


class ConsentQuerySet(AppendOnlyQuerySet["Consent"]):
    def of(self, person: Person) -> ConsentQuerySet:
        """Those of every record of this person, merged ones too."""
        return self.of_ids(all_ids_of(person.pk))

    def of_ids(self, ids: Iterable[uuid.UUID]) -> ConsentQuerySet:
        """The same for somebody whose ids are known already (``dcsn.privacy.all_ids_of``)."""
        return self.filter(person_id__in=ids)

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
        last = self._standing(person, purpose, organisation, at)
        return last is not None and (category is None or category in last.categories)

    def categories_allowed(
        self,
        person: Person,
        purpose: str,
        organisation: Organisation,
        *,
        at: datetime | None = None,
    ) -> frozenset[str]:
        """All that :meth:`allows` would say yes to, in one query; none when they have not agreed."""
        last = self._standing(person, purpose, organisation, at)
        return frozenset() if last is None else frozenset(last.categories)

    def _standing(
        self, person: Person, purpose: str, organisation: Organisation, at: datetime | None
    ) -> Consent | None:
        now = at or timezone.now()
        last = (
            self.of(person)
            .filter(purpose=purpose, organisation=organisation, at__lte=now, recorded_at__lte=now)
            .order_by("-at", "-recorded_at", "-id")
            .first()
        )
        return last if last is not None and last.stands_at(now) else None


class Consent(AppendOnly):
    """One yes, or one withdrawal of a yes. Never changed, never deleted (a trigger sees to it).

    Holds no words of the person, so it may stay when they are erased: it then shows only that
    somebody's details were kept with agreement.
    """

    instead = "Record a withdrawal or a new one."

    class How(models.TextChoices):
        SPOKEN = "spoken", _("Spoken, in person or on the phone")
        WRITTEN = "written", _("In writing")
        ONLINE = "online", _("Ticked on the website")

    class GivenBy(models.TextChoices):
        """Who said it. Only the first four may say yes for somebody; for somebody who cannot decide
        and has none of them a decision is taken in their best interests, and a carer is asked
        (Mental Capacity Act 2005, sections 4 and 5)."""

        THEMSELVES = "themselves", _("They did, themselves")
        ATTORNEY = "attorney", _("Their attorney (lasting power of attorney)")
        DEPUTY = "deputy", _("Their deputy, named by the Court of Protection")
        PARENT = "parent", _("A parent, or somebody with parental responsibility")
        CARER = "carer", _("Somebody who cares for them, in their best interests")

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
    given_by = models.CharField(
        max_length=10, choices=GivenBy.choices, default=GivenBy.THEMSELVES, editable=False
    )
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

    @property
    def is_withdrawal(self) -> bool:
        return self.withdraws_id is not None

    def stands_at(self, when: datetime) -> bool:
        """Whether it is a yes that had not run out; a later word may still have ended it."""
        return self.withdraws_id is None and (self.until is None or self.until > when)

    @property
    def words(self) -> Wording | None:
        """What they were asked, in the version of that day."""
        return WORDINGS.get(self.wording)

    @property
    def read_out(self) -> str:
        """The very sentence they agreed to, with the receiver and the details named in it."""
        return (
            ""
            if self.words is None
            else self.words.read_out(
                organisation=self.organisation.name, categories=spoken(self.categories)
            )
        )


class ConsentNote(models.Model):
    """What had to be written down about a consent, in words.

    A table of its own, because a consent is never changed and these words must be erased with the
    person: who spoke for them, what was thought of their capacity, and what was decided for them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="note")
    who = models.CharField(_("who said it for them"), max_length=200, blank=True)
    capacity = models.CharField(_("can they decide this themselves?"), max_length=500, blank=True)
    best_interests = models.CharField(
        _("why this is in their best interests"), max_length=1000, blank=True
    )

    class Meta:
        verbose_name = _("note on a consent")
        verbose_name_plural = _("notes on consents")
        constraints = [
            models.CheckConstraint(
                condition=~Q(who="", capacity="", best_interests=""),
                name="members_consent_note_says_something",
            )
        ]

    def __str__(self) -> str:
        return f"note on consent {self.consent_id}"
