"""What came of a request, as its pages show it to whoever asked, to the desk and to a coordinator."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from dcsn.audit import Actor
from volunteers.access import released_contact
from volunteers.actions.thanks import may_thank, thank_for_help
from volunteers.giving.thanks_forms import ThankForHelpForm
from volunteers.models import HelpRequest, Offer, Thanks
from volunteers.refusals import OfferOver
from volunteers.states import OfferState, Party


def accepted_offer(found: HelpRequest) -> Offer | None:
    """Of the volunteer who said yes, if there is one."""
    offer = (
        found.offers.filter(state__in=[OfferState.ACCEPTED, OfferState.DONE])
        .select_related("volunteer__person")
        .order_by("state")
        .first()
    )
    if offer is not None:
        offer.help_request = found
    return offer


def what_came(found: HelpRequest) -> dict[str, Any]:
    """For the person, and for the desk that wrote it down for them: of the volunteer nothing before both
    have said yes."""
    offer = accepted_offer(found)
    contact = released_contact(offer, Party.PERSON) if offer else None
    return {
        "one": found,
        "offer": offer,
        "to_answer": offer is not None
        and offer.state == OfferState.ACCEPTED
        and offer.person_accepted_at is None,
        "contact": contact,
        "visits": offer.visits.standing() if offer and contact else [],
    }


def thanks_on(
    found: HelpRequest, offer: Offer | None, typed: Any = None, *, desk: bool = False
) -> dict[str, Any]:
    """What the page of a request shows of thanks: the form, and what was written already."""
    if offer is None or not may_thank(found, offer) or found.person is None:
        return {"thank_form": None, "thanks_given": []}
    return {
        "thank_form": ThankForHelpForm(typed, greeting=found.person.greeting, desk=desk),
        "thanks_given": list(offer.thanks.order_by("at", "id")),
    }


def write_thanks(form: ThankForHelpForm, offer: Offer | None, by: Actor) -> Thanks:
    """What was typed, as whoever was helped.

    :raises Refused: when there is nobody to thank any more.
    """
    if offer is None:
        raise OfferOver(_("This is over: see below how it stands now."))
    typed = form.cleaned_data
    return thank_for_help(
        offer=offer, words=typed["words"], named=typed["named"], key=typed["key"], by=by
    )


def said_at_desk(thanks: Thanks) -> str:
    if thanks.way == Thanks.Way.BY_HAND:
        return _(
            "It is written down. The volunteer gets no messages: it stands under “Thanks” for somebody to "
            "tell them."
        )
    return _("The thanks are on their way, %(way)s.") % {"way": thanks.get_way_display()}
