"""What else somebody is called, and who belongs to them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dcsn.privacy import all_ids_of
from directory.models import Organisation

if TYPE_CHECKING:
    from members.models.person import Person


class OtherName(models.Model):
    """A name by which somebody may be looked for: a maiden name, a former one, a pet name.

    ``use`` follows FHIR's ``HumanName.use``. What they like to be called is ``Person.known_as``.
    """

    class Use(models.TextChoices):
        MAIDEN = "maiden", _("Name before marriage")
        OLD = "old", _("Former name")
        NICKNAME = "nickname", _("Pet name")
        USUAL = "usual", _("Name in everyday use")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        "members.Person", on_delete=models.CASCADE, related_name="other_names"
    )
    use = models.CharField(_("what kind of name"), max_length=8, choices=Use.choices)
    given_name = models.CharField(_("first name"), max_length=100, blank=True)
    family_name = models.CharField(_("last name"), max_length=100, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["recorded_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(given_name="", family_name=""),
                name="members_other_name_is_a_name",
                violation_error_message=_("Enter a first name, a last name, or both."),
            ),
            models.UniqueConstraint(
                fields=["person", "use", "given_name", "family_name"],
                name="members_other_name_once",
                violation_error_message=_("This name is recorded already."),
            ),
        ]

    def __str__(self) -> str:
        # Never the name: a log line or an error page would print it.
        return f"other name {self.id}"

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.given_name, self.family_name) if part)


class Household(models.Model):
    """People who live together; who they are is ``Person.household``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("access point")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")

    def __str__(self) -> str:
        return f"household {self.id}"


@dataclass(frozen=True)
class Tie:
    """A relationship as one of the two sees it."""

    relationship: Relationship
    other: Person
    words: str | Promise

    @property
    def is_over(self) -> bool:
        return self.relationship.ended_on is not None


class RelationshipQuerySet(models.QuerySet["Relationship"]):
    def of(self, person: Person) -> RelationshipQuerySet:
        """Those in which this person is either of the two, by every record of theirs."""
        return self._of(all_ids_of(person.pk))

    def _of(self, ids: Iterable[uuid.UUID]) -> RelationshipQuerySet:
        return self.filter(Q(person_id__in=ids) | Q(other_id__in=ids))

    def current(self) -> RelationshipQuerySet:
        return self.filter(ended_on=None)

    def ties_of(self, person: Person, ids: Iterable[uuid.UUID] | None = None) -> list[Tie]:
        """Each as this person would say it, the caring ones and the current ones first.

        The same few queries however many; those whose other end has been erased or merged away are
        left out. ``ids`` are the person's, where they are known already.
        """
        ids = set(ids or all_ids_of(person.pk))
        ties = []
        for row in self._of(ids).select_related("person", "other"):
            from_here = row.person_id in ids
            other = row.other if from_here else row.person
            if other.pk in ids or other.erased_at is not None or other.merged_at is not None:
                continue
            ties.append(Tie(row, other, row.words_from(here_is_person=from_here)))
        order = list(Relationship.Kind)
        return sorted(
            ties,
            key=lambda tie: (
                tie.is_over,
                order.index(Relationship.Kind(tie.relationship.kind)),
                tie.other.sort_key,
            ),
        )


class Relationship(models.Model):
    """What ``person`` is to ``other``. One row serves both ends.

    Stored one way round only ("cares for", "is a parent of"); :func:`from_typed` turns the other round.
    Two people may well care for each other: those are two rows.
    """

    class Kind(models.TextChoices):
        CARES_FOR = "cares_for", _("Cares for")
        PARENT_OF = "parent_of", _("Is a parent of")
        GUARDIAN_OF = "guardian", _("Is the guardian of")
        PARTNER = "partner", _("Is the husband, wife or partner of")
        SIBLING = "sibling", _("Is a brother or sister of")
        RELATIVE = "relative", _("Is a relative of")
        FRIEND = "friend", _("Is a friend of")
        NEIGHBOUR = "neighbour", _("Is a neighbour of")
        OTHER = "other", _("Has another tie with")

    # As seen from the other end, where it reads differently.
    TURNED = {
        Kind.CARES_FOR: _("Is cared for by"),
        Kind.PARENT_OF: _("Is a child of"),
        Kind.GUARDIAN_OF: _("Has as guardian"),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("members.Person", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("members.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("what they are to each other"), max_length=9, choices=Kind.choices)
    since = models.DateField(_("since"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RelationshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("relationship")
        verbose_name_plural = _("relationships")
        ordering = ["recorded_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=F("other")),
                name="members_relationship_of_two",
                violation_error_message=_("Choose somebody else: this is the same person."),
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(ended_on=None) | Q(ended_on__gte=F("since")),
                name="members_relationship_ends_after_it_began",
                violation_error_message=_("The end must not lie before the beginning."),
            ),
            models.UniqueConstraint(
                fields=["person", "other", "kind"],
                condition=Q(ended_on=None),
                name="members_relationship_once",
                violation_error_message=_("This is recorded already."),
            ),
            models.UniqueConstraint(
                Least("person", "other"),
                Greatest("person", "other"),
                "kind",
                condition=Q(ended_on=None) & ~Q(kind__in=["cares_for", "parent_of", "guardian"]),
                name="members_relationship_mutual_once",
                violation_error_message=_("This is recorded already."),
            ),
        ]

    def __str__(self) -> str:
        return f"relationship {self.id}"

    def words_from(self, *, here_is_person: bool) -> str | Promise:
        """ "Cares for" from the one end, "Is cared for by" from the other."""
        kind = self.Kind(self.kind)
        return kind.label if here_is_person else self.TURNED.get(kind, kind.label)

    def is_current(self, day: date) -> bool:
        return self.ended_on is None or self.ended_on > day


class EmergencyContact(models.Model):
    """Whom to ring when something happens. About a third person, who may not know that it is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        "members.Person", on_delete=models.CASCADE, related_name="emergency_contacts"
    )
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    name = models.CharField(_("name"), max_length=150)
    relationship = models.CharField(
        _("who they are to the person"),
        max_length=100,
        blank=True,
        help_text=_("For example: daughter, neighbour at number 4."),
    )
    phone = models.CharField(_("phone number"), max_length=40)
    note = models.CharField(
        _("anything to know before ringing"),
        max_length=300,
        blank=True,
        help_text=_("For example: has a key; works nights; ring only if nobody answers the door."),
    )
    knows = models.BooleanField(_("they know that we have their number"), default=False)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("emergency contact")
        verbose_name_plural = _("emergency contacts")
        ordering = ["position", "recorded_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(phone=""),
                name="members_emergency_contact_can_be_rung",
                violation_error_message=_("Enter a name and a phone number."),
            )
        ]

    def __str__(self) -> str:
        return f"emergency contact {self.id}"
