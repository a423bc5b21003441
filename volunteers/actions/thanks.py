"""Thanks: words that reach the volunteer, from an organisation or from whom they helped."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dcsn.access import Permission
from dcsn.accounts.models import User
from dcsn.audit import Actor, record
from directory.models import Organisation
from volunteers.access import check_holds, party_to_request
from volunteers.actions.help import locked as locked_request
from volunteers.giving.events import THANKED, THANKED_FOR_HELP
from volunteers.models import HelpRequest, Offer, Thanks, Volunteer
from volunteers.refusals import NotPossible, ReasonMissing
from volunteers.signals import thanked
from volunteers.states import HelpState

LONGEST = 1000
_HELPED = (HelpState.IN_PROGRESS, HelpState.DONE)


@transaction.atomic
def thank(
    *,
    volunteer: Volunteer,
    organisation: Organisation,
    words: str,
    by: User,
    signed: str = "",
    key: uuid.UUID | None = None,
) -> Thanks:
    """Thank a volunteer for an organisation.

    Sending is done by who is connected to ``volunteers.signals.thanked``, in this transaction; a row
    whose ``reached_at`` is empty has not reached them yet.
    """
    check_holds(by, Permission.HOURS_CONFIRM, organisation.pk)
    thanks, created = _write(volunteer, organisation, words, signed, key, by)
    if created:
        record(
            THANKED,
            by=by,
            subject=volunteer.person_id,
            organisation=organisation.pk,
            details={"volunteer": volunteer.pk, "thanks": thanks.pk},
        )
        thanked.send(sender=Thanks, thanks=thanks, by=by)
    return thanks


@transaction.atomic
def thank_for_help(
    *, offer: Offer, words: str, by: Actor, named: bool = False, key: uuid.UUID | None = None
) -> Thanks:
    """Whoever was helped thanks the volunteer: themself, by their link, or what they said to staff.

    :param by: the person, the ``SystemJob`` of their link, or staff who took or coordinate the request.
    :param named: signed with the name by which they are called; else nothing says who they are.
    :raises NotPossible: before they were helped, when the two were never brought together, and for a second
        time on one day.
    """
    current = locked_request(offer.help_request)
    if isinstance(by, User):
        party_to_request(by, current, taking=True)
    known = Thanks.objects.filter(key=key).first() if key else None
    if known is not None:
        _check_same(known, offer.volunteer, offer, words)
        return known
    row = current.offers.select_related("volunteer__person").filter(pk=offer.pk).first()
    if row is None or not may_thank(current, row):
        raise NotPossible(_("You can thank the volunteer when they have helped you."))
    today = timezone.localdate()
    if any(timezone.localdate(one) == today for one in row.thanks.values_list("at", flat=True)):
        raise NotPossible(
            _(
                "You have thanked them today, and your words are on their way. You can write again tomorrow."
            )
        )
    person = current.person
    signed = person.greeting if named and person is not None else _("Somebody whom you helped")
    thanks, created = _write(row.volunteer, current.organisation, words, signed, key, by, row)
    if created:
        record(
            THANKED_FOR_HELP,
            by=by,
            # Theirs who thank: the volunteer reads the words, and not by whose hand they came.
            subject=current.person_id,
            organisation=current.organisation_id,
            details={
                "volunteer": row.volunteer_id,
                "thanks": thanks.pk,
                "help_request": current.pk,
            },
        )
        thanked.send(sender=Thanks, thanks=thanks, by=by)
    return thanks


def may_thank(help_request: HelpRequest, offer: Offer | None) -> bool:
    """Whether they were helped by this volunteer, and each knows who the other is."""
    return (
        offer is not None
        and offer.is_released
        and help_request.state in _HELPED
        and help_request.person_id is not None
        and offer.volunteer.anonymised_at is None
    )


def _write(
    volunteer: Volunteer,
    organisation: Organisation,
    words: str,
    signed: str,
    key: uuid.UUID | None,
    by: Actor,
    offer: Offer | None = None,
) -> tuple[Thanks, bool]:
    if not words.strip():
        raise ReasonMissing(_("Write a word of thanks."))
    if len(words.strip()) > LONGEST:
        raise NotPossible(
            _("Use %(count)d characters or fewer for your thanks.") % {"count": LONGEST}
        )
    thanks, created = Thanks.objects.get_or_create(
        key=key or uuid.uuid4(),
        defaults={
            "volunteer": volunteer,
            "organisation": organisation,
            "offer": offer,
            "words": words.strip(),
            "signed": signed.strip()[:100],
            "by": by if isinstance(by, User) else None,
        },
    )
    if not created:
        _check_same(thanks, volunteer, offer, words)
    return thanks, created


def _check_same(known: Thanks, volunteer: Volunteer, offer: Offer | None, words: str) -> None:
    """The same form sent twice is one; other words from a page that was sent before do not pass for sent."""
    offered = offer.pk if offer is not None else None
    if (known.volunteer_id, known.offer_id, known.words) != (volunteer.pk, offered, words.strip()):
        raise NotPossible(
            _("Thanks were sent from this page already. Open it again to write others.")
        )
