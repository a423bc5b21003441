"""Whoever was helped writes thanks: on their own page, by their link, or through the desk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import Actor
from volunteers.access import coordinated_request_or_404
from volunteers.actions.thanks import may_thank, thank_for_help
from volunteers.giving.thanks_forms import ThankForHelpForm
from volunteers.models import HelpRequest, Offer, Thanks
from volunteers.refusals import OfferOver, Refused


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


@requires(Permission.HELP_COORDINATE)
@require_POST
def thank(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """What the person said on the telephone or wrote on paper, passed on."""
    from volunteers.helping.views.one import page_of_one
    from volunteers.helping.views.own import accepted_offer

    found = coordinated_request_or_404(request.user, request_id)
    offer = accepted_offer(found)
    form = thanks_on(found, offer, request.POST, desk=True)["thank_form"]
    if form is not None and not form.is_valid():
        return page_of_one(request, found, status=422, thank_form=form)
    try:
        if form is None:
            raise OfferOver(_("This is over: see below how it stands now."))
        messages.success(request, said_at_desk(write_thanks(form, offer, request.user)))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("volunteers:help_one", found.pk)
