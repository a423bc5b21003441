"""Discount cards: one live card for each person of a membership, and the sheets they are printed on."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from directory.models import Organisation
from members.models.membership import Membership, Term


class CardSheet(models.Model):
    """Cards that are printed together on one ten-up sheet or more, until somebody says how it went."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Made with the page and sent back with it: the same button pressed twice is one sheet.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="card_sheets",
        verbose_name=_("access point"),
    )
    # The first place that is used: a sheet of card that was begun is not thrown away.
    first_place = models.PositiveSmallIntegerField(_("first empty place"), default=1)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # Somebody has held the paper in their hand and said which cards came out well.
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("sheet of cards")
        verbose_name_plural = _("sheets of cards")
        ordering = ["-made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_place__range=(1, 10)),
                name="members_card_sheet_has_ten_places",
                violation_error_message=_("A sheet has ten places."),
            )
        ]

    def __str__(self) -> str:
        return f"sheet of cards {self.id}"


class CardQuerySet(models.QuerySet["Card"]):
    def visible_to(self, user: Any) -> CardQuerySet:
        """Those of the access points where they work; all of them for a role of the whole network."""
        scope = scope_of_permission(user, Permission.CARD_CHANGE)
        if scope.network:
            return self.all()
        return self.filter(organisation_id__in=scope.organisations)

    def live(self) -> CardQuerySet:
        """Those that are, or are going to be, in their member's hands."""
        return self.filter(state__in=Card.LIVE)

    def to_print(self) -> CardQuerySet:
        """Those that need paper and are not on a sheet that waits to be looked at."""
        return self.filter(
            Q(state=Card.State.REQUESTED)
            | Q(state__in=Card.GOOD, print_again_at__isnull=False)
            | Q(state__in=Card.GOOD) & ~Q(key_version__in=list(settings.CARD_KEYS)),
            Q(sheet=None) | Q(sheet__settled_at__isnull=False),
            # Neither ended nor given back since, nor run out: a card is good to the end of its last month.
            Exists(
                Term.objects.filter(
                    membership=OuterRef("membership"),
                    voided_at=None,
                    ends_on__gte=timezone.localdate().replace(day=1),
                )
            ),
            membership__stored="",
        ).order_by("requested_at", "id")


class Card(models.Model):
    """One card: a number that never changes, for one person of one membership.

    How long it is good is not stored: it follows from the membership when the card is shown
    (``members.cards.answer``). A lost, stolen or damaged card never comes back to life; its replacement
    is a new row with a new number. Nothing here says how the membership was paid.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", _("to be printed")
        PRINTED = "printed", _("printed")
        ISSUED = "issued", _("with the member")
        LOST = "lost", _("lost")
        STOLEN = "stolen", _("stolen")
        DAMAGED = "damaged", _("damaged")
        REPLACED = "replaced", _("replaced by another")
        REVOKED = "revoked", _("taken back")

    LIVE = (State.REQUESTED, State.PRINTED, State.ISSUED)
    # What a till says yes to, while the membership lasts (docs/decisions/0061).
    GOOD = (State.PRINTED, State.ISSUED)
    REPORTED = (State.LOST, State.STOLEN, State.DAMAGED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=10, unique=True, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="cards")
    person = models.ForeignKey(
        "members.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="cards"
    )
    # Where it is printed and handed over.
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="cards",
        verbose_name=_("access point"),
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.REQUESTED)
    # What was said of it; stays when the state goes on to "replaced".
    reported_as = models.CharField(
        max_length=9, choices=[("", "")] + [(s.value, s.label) for s in REPORTED], blank=True
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    # What was on the paper when it was printed last: the key of its tag, and the month it names.
    key_version = models.PositiveSmallIntegerField(null=True, blank=True)
    printed_until = models.DateField(null=True, blank=True)
    sheet = models.ForeignKey(
        CardSheet, on_delete=models.SET_NULL, null=True, blank=True, related_name="cards"
    )
    requested_at = models.DateTimeField(default=timezone.now, editable=False)
    printed_at = models.DateTimeField(null=True, blank=True, editable=False)
    issued_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The same number on new paper, with a later month: after a renewal.
    print_again_at = models.DateTimeField(null=True, blank=True, editable=False)
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        ordering = ["-requested_at", "id"]
        indexes = [models.Index(fields=["organisation", "state"], name="members_card_desk")]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "person"],
                condition=Q(state__in=["requested", "printed", "issued"]),
                name="members_card_one_live",
                violation_error_message=_("They have a card already."),
            ),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[1-9][0-9]{9}$"),
                name="members_card_number_is_ten_digits",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "printed", "issued"], ended_at=None)
                | Q(
                    state__in=["lost", "stolen", "damaged", "replaced", "revoked"],
                    ended_at__isnull=False,
                ),
                name="members_card_ended_at_when_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["printed", "issued"])
                | Q(
                    printed_at__isnull=False,
                    key_version__isnull=False,
                    printed_until__isnull=False,
                ),
                name="members_card_printed_says_what_is_on_it",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(issued_at__isnull=False),
                name="members_card_issued_at_when_issued",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["lost", "stolen", "damaged"])
                | Q(reported_as=models.F("state")),
                name="members_card_reported_as_its_state",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(anonymised_at__isnull=False),
                name="members_card_person_until_anonymised",
            ),
        ]

    def __str__(self) -> str:
        # Not its number: this ends up in logs and error reports.
        return f"card {self.id}"

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @property
    def needs_paper(self) -> bool:
        """Never printed, or with a month that has changed, or with a code whose key was taken out."""
        return self.state == self.State.REQUESTED or (
            self.is_good
            and (self.print_again_at is not None or self.key_version not in settings.CARD_KEYS)
        )

    @property
    def is_good(self) -> bool:
        return self.state in self.GOOD
