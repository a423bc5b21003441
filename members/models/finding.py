"""What finding people rests on: their keys, and pairs of records that may be one person's."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from members.models.person import Person


class PersonKeys(models.Model):
    """By what one person is found: spellings, sounds, birthday, postcode. See members/finding/keys.py.

    Derived, and written by whatever changes a person; ``manage.py rebuild_person_keys`` writes all anew.
    """

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="finding_keys"
    )
    keys = ArrayField(models.CharField(max_length=40), verbose_name=_("keys"))
    # When they were last held against everybody else's; empty when something changed since.
    compared_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("keys by which a person is found")
        verbose_name_plural = _("keys by which people are found")
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["keys"], name="members_personkeys_keys"),
            models.Index(
                fields=["person"],
                condition=Q(compared_at=None),
                name="members_personkeys_to_compare",
            ),
        ]

    def __str__(self) -> str:
        return f"keys of person {self.person_id}"


class PossibleDuplicateQuerySet(models.QuerySet["PossibleDuplicate"]):
    def open(self) -> PossibleDuplicateQuerySet:
        """Pairs that nobody has decided about, of two records that are both still known."""
        return self.filter(
            state=PossibleDuplicate.State.OPEN,
            first__erased_at=None,
            first__merged_at=None,
            second__erased_at=None,
            second__merged_at=None,
        )

    def mergeable_by(
        self, user: Any, agreed: Collection[uuid.UUID] = ()
    ) -> PossibleDuplicateQuerySet:
        """Pairs of which ``user`` may merge both. Those of two access points are put before a role of the
        whole network, and only where both are among ``agreed``."""
        scope = scope_of_permission(user, Permission.PERSON_MERGE)
        if scope.network:
            return self.filter(
                Q(first__organisation=F("second__organisation"))
                | Q(first__organisation__in=agreed, second__organisation__in=agreed)
            )
        return self.filter(
            first__organisation_id__in=scope.organisations,
            second__organisation_id__in=scope.organisations,
        )

    def for_list(self) -> PossibleDuplicateQuerySet:
        return self.select_related("first__organisation", "second__organisation").order_by(
            "-score", "id"
        )


class PossibleDuplicate(models.Model):
    """Two records that look like one person's, or of which somebody said that they are not."""

    class State(models.TextChoices):
        OPEN = "open", _("Not looked at yet")
        DIFFERENT = "different", _("Two people")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    score = models.SmallIntegerField(_("how alike"), default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = PossibleDuplicateQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["first", "second"], name="members_duplicate_once"),
            # One order for each pair, so that it is not there twice the other way round.
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="members_duplicate_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None)
                | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="members_duplicate_decided_when",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["-score", "id"], condition=Q(state="open"), name="members_duplicate_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}"


class MergedValues(models.Model):
    """Which facts a merge took over from the other record, so that undoing it can put them back."""

    alias = models.OneToOneField(
        "privacy.PersonAlias", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    # By the names of Person's fields, as JSON says them.
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder, editable=False)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder, editable=False)

    class Meta:
        verbose_name = _("values taken over at a merge")
        verbose_name_plural = _("values taken over at merges")

    def __str__(self) -> str:
        return f"values of merge {self.alias_id}"
