"""The volunteer's own page: how it stands, what comes next, what they do, and every way to change it.

Whoever is signed in sees their own record and nobody else's: all of it is found by ``own_volunteer``.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import signed_in
from dcsn.access.requests import SignedInRequest
from volunteers.access import own_volunteer
from volunteers.actions.applications import end_application
from volunteers.actions.known import change_volunteer
from volunteers.actions.locks import places_to_come
from volunteers.actions.policies import agree_policy
from volunteers.actions.standing import end_standing
from volunteers.actions.volunteers import move_volunteer
from volunteers.becoming.forms.known import KnownForm, window_in_words
from volunteers.becoming.forms.pausing import PauseForm
from volunteers.becoming.policies import policies_for
from volunteers.becoming.words import NEXT_FOR_THEM, STATE_FOR_THEM
from volunteers.models import (
    Agreement,
    Application,
    Check,
    NextStep,
    Offer,
    ShiftExchange,
    ShiftPlace,
    Side,
    Volunteer,
    VolunteerPlace,
)
from volunteers.refusals import Refused
from volunteers.rules import may_be_contacted
from volunteers.states import (
    VOLUNTEER,
    CheckState,
    OfferState,
    Party,
    VolunteerState,
    allowed,
)

# Pages of other parts.
FURTHER: tuple[tuple[str, str | Promise], ...] = (
    ("my_offers", gettext_lazy("What you were asked to do")),
    ("my_shifts", gettext_lazy("My shifts")),
    ("my_hours", gettext_lazy("My hours")),
    ("my_claims", gettext_lazy("My expenses")),
)
HERE = "volunteers:my_volunteering"


def further(row: Volunteer) -> list[tuple[str, str | Promise, int]]:
    """Address, words, and how many wait there for an answer of theirs."""
    now = timezone.now()
    asked = Offer.objects.filter(volunteer=row, state=OfferState.OFFERED, lapses_at__gt=now)
    waits = {
        "my_offers": asked.count(),
        "my_shifts": ShiftExchange.objects.waiting(now).filter(wanted__volunteer=row).count(),
        "my_hours": row.hours.waiting().filter(logged_side=Side.ORGANISATION).count(),  # type: ignore[attr-defined]
    }
    return [(reverse(f"volunteers:{name}"), words, waits.get(name, 0)) for name, words in FURTHER]


@signed_in
@never_cache
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """How it stands and what comes next. Who is no volunteer is shown how to become one."""
    row = own_volunteer(request.user)
    if row is None:
        return render(request, "volunteers/becoming/not_one.html")
    today = timezone.localdate()
    step = NextStep.objects.filter(volunteer=row).open().first()
    ways = allowed(VOLUNTEER, row.state, Party.VOLUNTEER)
    applications = list(
        row.applications.select_related("opportunity__organisation").order_by("-applied_at")
    )
    return render(
        request,
        "volunteers/becoming/mine.html",
        {
            "row": row,
            "state": STATE_FOR_THEM[VolunteerState(row.state)],
            "step": step,
            "next": NEXT_FOR_THEM[NextStep.What(step.what)] if step else "",
            "waits_for_parent": not may_be_contacted(row, today),
            "redirected": row.state == VolunteerState.REDIRECTED,
            "roles": [a for a in applications if a.outcome == Application.Outcome.PLACED],
            "waiting": [a for a in applications if a.outcome == Application.Outcome.WAITING],
            "over": [
                a
                for a in applications
                if a.outcome not in (Application.Outcome.PLACED, Application.Outcome.WAITING)
            ],
            "free": [
                window_in_words(*window)
                for window in row.availability.values_list("weekday", "starts", "ends")
            ],
            "away": row.away.filter(until_on__gte=today),
            "interests": [interest.name for interest in row.interests.all()],
            "checks": [
                (check, check.stands(today))
                for check in Check.objects.own(request.user)
                .exclude(state=CheckState.NOT_NEEDED)
                .order_by("kind", "-created_at")
            ],
            "agreements": row.agreements.select_related("policy"),
            "to_agree": policies_for(row),
            "standings": row.standings.current().select_related("organisation"),
            "shared": VolunteerPlace.Standing.SHARED,
            "may_pause": VolunteerState.PAUSED in ways,
            "may_come_back": row.state == VolunteerState.PAUSED,
            "may_leave": VolunteerState.LEFT in ways,
            "further": further(row),
        },
    )


def _own(request: SignedInRequest) -> Volunteer | None:
    return own_volunteer(request.user)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def known(request: SignedInRequest) -> HttpResponse:
    """What they like, when they are free, how they get about."""
    row = _own(request)
    if row is None:
        return redirect(HERE)
    form = KnownForm(request.POST or None, volunteer=row)
    if request.method == "POST" and form.is_valid():
        try:
            change_volunteer(volunteer=row, by=request.user, **form.changes)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(HERE)
    return render(
        request,
        "volunteers/becoming/known.html",
        {"row": row, "form": form, "own": True},
        status=422 if form.errors else 200,
    )


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def policies(request: SignedInRequest) -> HttpResponse:
    """Read what is new, and agree to it, one by one."""
    row = _own(request)
    if row is None:
        return redirect(HERE)
    missing = policies_for(row)
    if request.method == "POST":
        agreed = next((one for one in missing if str(one.pk) == request.POST.get("policy")), None)
        if agreed is not None:
            agree_policy(volunteer=row, policy=agreed, how=Agreement.How.ONLINE, by=request.user)
            messages.success(request, _("Thank you: it is written down."))
        return redirect("volunteers:my_policies")
    return render(
        request,
        "volunteers/becoming/my_policies.html",
        {"missing": missing, "agreements": row.agreements.select_related("policy")},
    )


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: SignedInRequest) -> HttpResponse:
    """A break, or the end: no reason is asked for."""
    row = _own(request)
    if row is None:
        return redirect(HERE)
    ways = allowed(VOLUNTEER, row.state, Party.VOLUNTEER)
    form = PauseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and VolunteerState.PAUSED in ways and form.is_valid():
        try:
            move_volunteer(
                volunteer=row,
                to=VolunteerState.PAUSED,
                by=request.user,
                paused_until=form.cleaned_data["paused_until"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Enjoy your break. You are asked for nothing until then."))
            return redirect(HERE)
    return render(
        request,
        "volunteers/becoming/leave.html",
        {
            "form": form,
            "may_pause": VolunteerState.PAUSED in ways,
            "may_leave": VolunteerState.LEFT in ways,
        },
        status=422 if form.errors else 200,
    )


@signed_in
@require_POST
def move(request: SignedInRequest) -> HttpResponse:
    """Back from a break, or gone for good. Pressed twice, it is done once."""
    row = _own(request)
    to = request.POST.get("to", "")
    if row is None or to not in (VolunteerState.ACTIVE, VolunteerState.LEFT):
        return redirect(HERE)
    try:
        move_volunteer(volunteer=row, to=to, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        said = {
            VolunteerState.ACTIVE: _("Welcome back."),
            VolunteerState.LEFT: _("You have left. Thank you for all that you gave."),
        }
        messages.success(request, said[VolunteerState(to)])
    return redirect(HERE)


@signed_in
@require_POST
def unshare(request: SignedInRequest) -> HttpResponse:
    """An organisation that they had agreed to be seen by no longer sees them."""
    row = _own(request)
    if row is not None:
        place = next(
            (
                one
                for one in row.standings.current().select_related("organisation")
                if str(one.pk) == request.POST.get("place")
                and one.standing == VolunteerPlace.Standing.SHARED
            ),
            None,
        )
        if place is not None:
            try:
                end_standing(volunteer=row, organisation=place.organisation, by=request.user)
            except Refused as refusal:
                messages.warning(request, str(refusal))
            else:
                messages.success(request, _("They no longer see you."))
    return redirect(HERE)


@signed_in
@require_POST
def take_back(request: SignedInRequest) -> HttpResponse:
    """An application is taken back, or a role given up. No reason is asked for; what goes with a role is
    shown before, because a finger slips on a telephone."""
    row = _own(request)
    try:
        identifier = UUID(request.POST.get("application", ""))
    except ValueError:
        return redirect(HERE)
    application = (
        Application.objects.own(request.user)
        .select_related("opportunity__organisation", "volunteer")
        .filter(pk=identifier, volunteer=row)
        .first()
        if row is not None
        else None
    )
    if application is None:
        return redirect(HERE)
    role = application.opportunity
    to_come = list(
        places_to_come(application.volunteer, role)
        .filter(state=ShiftPlace.State.CONFIRMED, shift__cancelled_at=None)
        .select_related("shift__opportunity__organisation")
        .order_by("shift__starts_at", "id")
    )
    placed = application.outcome == Application.Outcome.PLACED
    if placed and "sure" not in request.POST:
        return render(
            request,
            "volunteers/becoming/give_up.html",
            {"application": application, "role": role, "to_come": to_come},
        )
    end_application(application=application, by=request.user)
    if placed:
        messages.success(
            request,
            _("You no longer do “%(role)s”. Thank you for all that you gave.")
            % {"role": role.name},
        )
    else:
        messages.success(request, _("It is written down."))
    return redirect(HERE)
