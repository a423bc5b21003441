"""Cards at the desk: what is to be printed, sheets of ten, one card by itself, and a shop that rings."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, get_permitted_or_404, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.printing import pdf_response
from members.access import access_points_of
from members.cards.actions import (
    MOST_ON_SHEETS,
    make_sheet,
    mark_issued,
    mark_printed,
    report_card,
    request_card,
    require_key,
    revoke_card,
    settle_sheet,
)
from members.cards.events import CARD_FETCHED, CARD_VIEWED, CARDS_LISTED
from members.cards.forms import SheetForm
from members.cards.number import as_printed
from members.cards.paper import card_pdf, sheet_pdf
from members.cards.validity import belongs, membership_good_until, state_words
from members.models import Card, CardSheet, Membership, Person
from members.refusals import Refused

PER_PAGE = 50
OPEN_SHEETS_SHOWN = 20


@requires(Permission.CARD_CHANGE)
@never_cache
@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """What is to be printed, the oldest first; sheets that nobody has looked at yet."""
    seen = Card.objects.visible_to(request.user)
    waiting = seen.to_print().select_related("person", "membership", "organisation")
    page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    if listed:
        record(
            CARDS_LISTED,
            by=request.user,
            details={"people": [card.person_id for card in listed if card.person_id]},
        )
    desks = access_points_of(request.user, Permission.CARD_CHANGE)
    return render(
        request,
        "members/cards/queue.html",
        {
            "page": page,
            "several_desks": len(desks) > 1,
            "form": SheetForm(desks=desks, initial={"key": uuid.uuid4()}),
            "most": MOST_ON_SHEETS,
            "open_sheets": CardSheet.objects.filter(
                settled_at=None, organisation__in=[desk.pk for desk in desks]
            ).select_related("organisation", "made_by")[:OPEN_SHEETS_SHOWN],
            "to_hand_over": seen.filter(state=Card.State.PRINTED)
            .select_related("person")
            .order_by("printed_at", "id")[:PER_PAGE],
        },
    )


@requires(Permission.CARD_CHANGE)
@require_POST
def make(request: SignedInRequest) -> HttpResponse:
    """Put what waits at a desk on sheets."""
    desks = access_points_of(request.user, Permission.CARD_CHANGE)
    form = SheetForm(request.POST, desks=desks)
    if not form.is_valid():
        messages.warning(request, _("Choose the access point, and a place from 1 to 10."))
        return redirect("members:card_queue")
    typed = form.cleaned_data
    try:
        sheet = make_sheet(
            key=typed["key"],
            organisation=typed["organisation"],
            first_place=typed["first_place"],
            by=request.user,
        )
    except (Refused, ValidationError) as refusal:
        messages.warning(request, _said(refusal))
        return redirect("members:card_queue")
    return redirect("members:card_sheet", sheet.pk)


def _said(refusal: Exception) -> str:
    return " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)


@requires(Permission.CARD_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: SignedInRequest, sheet_id: UUID) -> HttpResponse:
    """Whose cards are on it and where; then: how did it come out?"""
    found = _sheet_or_404(request, sheet_id)
    cards = _cards_of(found)
    if request.method == "POST":
        spoilt = {card.pk for card in cards if str(card.pk) in request.POST.getlist("spoilt")}
        settle_sheet(sheet=found, spoilt=spoilt, by=request.user)
        if spoilt:
            messages.success(request, _("Written down. The spoilt ones wait to be printed again."))
        else:
            messages.success(request, _("All cards are printed. Now hand them over or post them."))
        return redirect("members:card_queue")
    record(
        CARDS_LISTED,
        by=request.user,
        organisation=found.organisation_id,
        details={"people": [card.person_id for card in cards if card.person_id]},
    )
    places = [
        (divmod(number, 10)[0] + 1, divmod(number, 10)[1] + 1, card, as_printed(card.number))
        for number, card in enumerate(cards, start=found.first_place - 1)
    ]
    return render(request, "members/cards/sheet.html", {"sheet": found, "places": places})


@requires(Permission.CARD_CHANGE)
@never_cache
@require_safe
def sheet_paper(request: SignedInRequest, sheet_id: UUID) -> HttpResponse:
    """The sheet as a PDF. Nothing counts as printed by this."""
    found = _sheet_or_404(request, sheet_id)
    # One whose membership was ended meanwhile is left out: its place stays empty on no sheet.
    cards = [card for card in _cards_of(found) if membership_good_until(card.membership)]
    try:
        require_key()
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("members:card_queue")
    if not cards:
        messages.warning(request, _("No card is left on this sheet."))
        return redirect("members:card_queue")
    for card in cards:
        record(
            CARD_FETCHED,
            by=request.user,
            subject=card.person_id,
            organisation=card.organisation_id,
            details={"card": card.id},
        )
    return pdf_response(sheet_pdf(cards, first_place=found.first_place), "cards.pdf")


def _sheet_or_404(request: SignedInRequest, sheet_id: UUID) -> CardSheet:
    return get_permitted_or_404(
        request.user,
        Permission.CARD_CHANGE,
        CardSheet.objects.select_related("organisation", "made_by"),
        id=sheet_id,
    )


def _cards_of(sheet: CardSheet) -> list[Card]:
    return list(
        sheet.cards.live()
        .select_related("person", "membership")
        .prefetch_related("membership__terms")
        .order_by("requested_at", "id")
    )


# --- One membership's cards, one card ------------------------------------------------------------------


@requires(Permission.CARD_CHANGE)
@never_cache
@require_safe
def of_membership(request: SignedInRequest, membership_id: UUID) -> HttpResponse:
    """Everybody who joined or shares it, each with their card: from joining straight to the printer."""
    found = _membership_or_404(request, membership_id)
    shares = found.shares.filter(until=None).select_related("person").order_by("since", "id")
    people = [person for person in [found.person, *(s.person for s in shares)] if person]
    cards = {
        card.person_id: card
        for card in Card.objects.live().filter(membership=found).select_related("membership")
    }
    rows = [(person, cards.get(person.pk)) for person in people]
    record(
        CARDS_LISTED,
        by=request.user,
        organisation=found.organisation_id,
        details={"people": [person.pk for person in people]},
    )
    until = membership_good_until(found)
    return render(
        request,
        "members/cards/membership.html",
        {
            "membership": found,
            "rows": rows,
            "until": until,
            "gives_cards": until is not None and until >= timezone.localdate(),
        },
    )


def _membership_or_404(request: SignedInRequest, membership_id: UUID) -> Membership:
    return get_permitted_or_404(
        request.user,
        Permission.CARD_CHANGE,
        Membership.objects.select_related("person", "plan", "organisation").prefetch_related(
            "terms"
        ),
        id=membership_id,
    )


@requires(Permission.CARD_CHANGE)
@require_POST
def ask(request: SignedInRequest, membership_id: UUID, person_id: UUID) -> HttpResponse:
    """A card for somebody who has none: put on the list, and its page opened."""
    found = _membership_or_404(request, membership_id)
    person = get_object_or_404(Person.objects.known(), id=person_id)
    if not belongs(found, person):
        raise Http404
    try:
        card = request_card(membership=found, person=person, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("members:membership_cards", found.pk)
    return redirect("members:card", card.pk)


@requires(Permission.CARD_CHANGE)
@never_cache
@require_safe
def one(request: SignedInRequest, card_id: UUID) -> HttpResponse:
    """One card: print it, hand it over, and what to do when it is gone."""
    card = _card_or_404(request, card_id)
    record(
        CARD_VIEWED,
        by=request.user,
        subject=card.person_id,
        organisation=card.organisation_id,
        details={"card": card.id},
    )
    today = timezone.localdate()
    until = membership_good_until(card.membership)
    return render(
        request,
        "members/cards/card.html",
        {
            "card": card,
            "number": as_printed(card.number),
            "until": until,
            "state": state_words(card, today),
            "is_to_print": card.is_live
            and until is not None
            and until >= today
            and card.needs_paper,
            "reports": [(state.value, state.label) for state in Card.REPORTED],
            "replaced_by": Card.objects.filter(replaces=card).first(),
        },
    )


@requires(Permission.CARD_CHANGE)
@never_cache
@require_safe
def card_paper(request: SignedInRequest, card_id: UUID) -> HttpResponse:
    """The card as a PDF of its own size; ``?sheet`` puts it on A4, to be cut out."""
    card = _card_or_404(request, card_id)
    until = membership_good_until(card.membership)
    if not card.is_live or until is None:
        raise Http404
    try:
        require_key()
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("members:card", card.pk)
    record(
        CARD_FETCHED,
        by=request.user,
        subject=card.person_id,
        organisation=card.organisation_id,
        details={"card": card.id},
    )
    pdf = sheet_pdf([card]) if "sheet" in request.GET else card_pdf(card)
    return pdf_response(pdf, "card.pdf")


def _card_or_404(request: SignedInRequest, card_id: UUID) -> Card:
    return get_permitted_or_404(
        request.user,
        Permission.CARD_CHANGE,
        Card.objects.select_related(
            "person", "membership", "membership__plan", "organisation", "replaces", "sheet"
        ).prefetch_related("membership__terms"),
        id=card_id,
    )


def _handed_over(request: SignedInRequest, card: Card) -> Card:
    mark_issued(card=card, by=request.user)
    messages.success(request, _("Written down: the card is with them."))
    return card


def _came_out(request: SignedInRequest, card: Card) -> Card:
    mark_printed(card=card, by=request.user)
    messages.success(request, _("Written down: the card is printed."))
    return card


def _taken_back(request: SignedInRequest, card: Card) -> Card:
    revoke_card(card=card, by=request.user)
    messages.success(request, _("The card is taken back. No shop takes it any more."))
    return card


def _gone(request: SignedInRequest, card: Card) -> Card:
    new = report_card(card=card, what=request.POST["becomes"], by=request.user)
    if new is None:
        messages.success(request, _("Written down. No shop takes the old card any more."))
        return card
    messages.success(
        request, _("No shop takes the old card any more. Here is the new one: print it.")
    )
    return new


MOVES: dict[str, Callable[[SignedInRequest, Card], Card]] = {
    "printed": _came_out,
    "issued": _handed_over,
    "revoked": _taken_back,
    **dict.fromkeys(map(str, Card.REPORTED), _gone),
}


@requires(Permission.CARD_CHANGE)
@require_POST
def move(request: SignedInRequest, card_id: UUID) -> HttpResponse:
    """What became of a card, said with one press."""
    card = _card_or_404(request, card_id)
    act = MOVES.get(request.POST.get("becomes", ""))
    if act is None:
        return redirect("members:card", card.pk)
    try:
        shown: Any = act(request, card)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        shown = card
    if request.POST.get("back") == "queue":
        return redirect("members:card_queue")
    return redirect("members:card", shown.pk)
