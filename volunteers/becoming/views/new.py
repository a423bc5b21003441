"""Applying with staff, or typed in from paper: is it a volunteer whom we know? Then the same questions.

A manager sees volunteers, not the register of people: looked through are those whom they see anyhow, and
nobody else is hinted at. What was typed stays in the session for half an hour, never in an address.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dcsn.access import Permission, requires, scope_of_permission
from dcsn.access.requests import SignedInRequest
from dcsn.error_pages import too_many_requests
from directory.models import Organisation
from members.actions.looking import look_among
from members.finding import Found, Typed
from members.forms.finding import FindForm
from members.models import Person
from members.refusals import LookedTooOften
from volunteers.access import volunteer_or_404
from volunteers.becoming.forms.new import AgainAtDesk, AlthoughForm, AtDesk
from volunteers.becoming.views.standing import viewed
from volunteers.helping.centre import centre
from volunteers.models import Application, Opportunity, Volunteer
from volunteers.opportunities.applying import take_application, take_interest
from volunteers.refusals import Refused
from volunteers.states import OpportunityState

KEPT = "volunteer_search"
KEPT_FOR = timedelta(minutes=30)


def _theirs(user: Any) -> Any:
    """The people behind the volunteers whom this user sees."""
    return Person.objects.filter(volunteer__in=Volunteer.objects.visible_to(user))


@requires(Permission.VOLUNTEER_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: SignedInRequest) -> HttpResponse:
    """Type what you know: nobody is recorded twice who is a volunteer here already."""
    if request.method == "POST":
        form = FindForm(request.POST)
        if form.is_valid():
            request.session[KEPT] = {"typed": form.cleaned_data, "at": int(time.time())}
            return redirect("volunteers:desk_new")
        return _find_page(request, form, None, status=422)
    kept = _typed_lately(request)
    form = FindForm(kept) if kept else FindForm()
    if not (kept and form.is_valid()):
        return _find_page(request, form, None)
    try:
        found = look_among(typed=form.typed, people=_theirs(request.user), by=request.user)
    except LookedTooOften as refusal:
        return too_many_requests(request, retry_after=refusal.seconds)
    return _find_page(request, form, found)


def _typed_lately(request: SignedInRequest) -> dict[str, Any]:
    kept = request.session.get(KEPT)
    if not kept or time.time() - kept["at"] > KEPT_FOR.total_seconds():
        return {}
    typed: dict[str, Any] = kept["typed"]
    return typed


def _with_volunteers(found: Found | None) -> list[tuple[Any, Volunteer]]:
    if found is None:
        return []
    rows = Volunteer.objects.filter(person__in=[match.person.id for match in found.own])
    of_person = {row.person_id: row for row in rows}
    return [(match, of_person[match.person.id]) for match in found.own]


def _find_page(
    request: SignedInRequest, form: FindForm, found: Found | None, *, status: int = 200
) -> HttpResponse:
    return render(
        request,
        "volunteers/becoming/new_find.html",
        {"form": form, "found": found, "matches": _with_volunteers(found)},
        status=status,
    )


# --- The form -----------------------------------------------------------------------------------------


def _roles(user: Any) -> Any:
    """For which this user may take an application."""
    return (
        Opportunity.objects.visible_to(user)
        .filter(state=OpportunityState.OPEN)
        .select_related("organisation")
        .order_by("organisation__sort_key", "sort_key", "id")
    )


def _chosen(request: SignedInRequest, roles: Any) -> Opportunity | None:
    try:
        return roles.filter(pk=UUID(request.GET.get("role", ""))).first()  # type: ignore[no-any-return]
    except ValueError:
        return None


def _first(request: SignedInRequest) -> dict[str, Any]:
    """What was looked for a moment ago, as the first values of the form."""
    searched = FindForm(_typed_lately(request) or None)
    if not searched.is_bound or not searched.is_valid():
        return {}
    given, family = searched.typed.given_and_family
    born = searched.typed.born
    return {
        "given_name": given,
        "family_name": family,
        "date_of_birth": born.whole if born else None,
        "postcode": searched.typed.postcode,
    }


@requires(Permission.VOLUNTEER_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: SignedInRequest) -> HttpResponse:
    """Somebody new: for a role, or for none yet."""
    roles = _roles(request.user)
    role = _chosen(request, roles)
    data = request.POST if request.method == "POST" else None
    sheet = AtDesk(data, role=role, initial=_first(request))
    alike: Found | None = None
    although: AlthoughForm | None = None
    if data is not None and sheet.is_valid():
        there = _taken_already(request, sheet)
        if there is not None:
            return redirect("volunteers:desk_volunteer", there)
        try:
            alike = look_among(
                typed=Typed.of_facts(sheet.who), people=_theirs(request.user), by=request.user
            )
        except LookedTooOften as refusal:
            return too_many_requests(request, retry_after=refusal.seconds)
        if alike.strong:
            although = AlthoughForm(data if "shown" in data else None)
        if although is None or although.is_valid():
            taken = _take(request, sheet, role)
            if taken is not None:
                request.session.pop(KEPT, None)
                messages.success(request, _("They are on record. Tell them what comes next."))
                return redirect("volunteers:desk_volunteer", taken)
    return render(
        request,
        "volunteers/becoming/new_form.html",
        {
            "form": sheet,
            "role": role,
            "roles": roles,
            "although": although,
            "alike": _with_volunteers(alike) if although is not None else [],
        },
        status=422 if data is not None else 200,
    )


def _sent_key(request: SignedInRequest, sheet: AtDesk) -> str:
    return f"volunteer-at-desk:{request.user.pk}:{sheet.cleaned_data['key']}"


def _taken_already(request: SignedInRequest, sheet: AtDesk) -> UUID | None:
    """Whom this very form made a moment ago: pressed twice, it is nobody who looks like them."""
    made = Application.objects.filter(
        key=sheet.cleaned_data["key"],
        volunteer__in=Volunteer.objects.visible_to(request.user),
    ).first()
    if made is not None:
        return made.volunteer_id
    kept = cache.get(_sent_key(request, sheet))
    return UUID(kept) if kept else None


def _take(request: SignedInRequest, sheet: AtDesk, role: Opportunity | None) -> UUID | None:
    """The volunteer's id; None where it was refused, and the form says why."""
    route, how = sheet.cleaned_data["route"], sheet.how
    try:
        if role is not None:
            application = take_application(
                form=sheet, role=role, by=request.user, route=route, how=how
            )
            return application.volunteer_id
        return _take_interest(request, sheet, route, how)
    except Refused as refusal:
        sheet.add_error(None, str(refusal))
    except ValidationError as error:
        sheet.add_error(None, error)
    return None


def _take_interest(request: SignedInRequest, sheet: AtDesk, route: str, how: str) -> UUID | None:
    """An interest has no row with a unique key: that this form was sent is kept for an hour."""
    scope = scope_of_permission(request.user, Permission.VOLUNTEER_MANAGE)
    organisation = (
        centre()
        if scope.network
        else Organisation.objects.filter(pk__in=scope.organisations).order_by("sort_key").first()
    )
    if organisation is None:
        raise ValidationError(_("There is no volunteer centre yet: choose a role."))
    sent = _sent_key(request, sheet)
    if not cache.add(sent, "", 3600):
        # At this very moment: the other one of the two shows the record.
        raise ValidationError(_("This is being written down already: look at the board."))
    try:
        taken = take_interest(
            form=sheet, organisation=organisation, by=request.user, route=route, how=how
        )
    except Exception:
        cache.delete(sent)
        raise
    cache.set(sent, str(taken.pk), 3600)
    return taken.pk


@requires(Permission.VOLUNTEER_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: SignedInRequest, volunteer_id: UUID) -> HttpResponse:
    """A volunteer who is known applies for a role: nothing that we know is asked again."""
    row = volunteer_or_404(request.user, volunteer_id)
    roles = _roles(request.user)
    role = _chosen(request, roles)
    sheet = None
    data = request.POST if request.method == "POST" else None
    if role is not None:
        agreed = set(row.agreements.values_list("policy", flat=True))
        sheet = AgainAtDesk(data, role=role, agreed=agreed)
        if data is not None and sheet.is_valid():
            try:
                take_application(
                    form=sheet, role=role, by=request.user, person=row.person,
                    route=sheet.cleaned_data["route"], how=sheet.how,
                )  # fmt: skip
            except Refused as refusal:
                sheet.add_error(None, str(refusal))
            else:
                messages.success(request, _("Their application is written down."))
                return redirect("volunteers:desk_volunteer", row.pk)
    viewed(request, row)
    return render(
        request,
        "volunteers/becoming/new_form.html",
        {"form": sheet, "role": role, "roles": roles, "row": row},
        status=422 if data is not None else 200,
    )
