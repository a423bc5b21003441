"""What may suit somebody better: by the link in their message, or signed in. One button applies."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dcsn.access import public, signed_in
from dcsn.access.requests import SignedInRequest
from dcsn.audit import Actor
from dcsn.error_pages import too_many_requests
from dcsn.limits.rates import limited, seconds_to_wait
from volunteers.access import own_volunteer
from volunteers.becoming.links import BY_LINK, volunteer_of_token
from volunteers.becoming.suggestions import (
    policies_to_agree,
    suggested_role,
    suggestions_of,
    take_up,
)
from volunteers.models import NextStep, Opportunity, PolicyVersion, Volunteer
from volunteers.opportunities.views.applying import APPLIED
from volunteers.refusals import Refused
from volunteers.states import VolunteerState


class TakeUpForm(forms.Form):
    """The role, and what its organisation asks everybody to agree to that is new to them."""

    role = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, policies: list[PolicyVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policies = policies
        for policy in policies:
            self.fields[f"policy_{policy.pk.hex}"] = forms.BooleanField(
                label=_("I agree to “%(title)s” (version %(number)d)")
                % {"title": policy.title, "number": policy.number},
                error_messages={
                    "required": _("Read “%(title)s” and tick that you agree")
                    % {"title": policy.title}
                },
            )

    @property
    def agreements(self) -> list[tuple[PolicyVersion, Any]]:
        return [(policy, self[f"policy_{policy.pk.hex}"]) for policy in self.policies]


def private(response: HttpResponse) -> HttpResponse:
    """An address that is a key: for no search engine, no cache, and not told to the next page."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store, private"
    return response


@public
@limited("volunteer")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing: mail scanners open links. No name stands on the page."""
    found = volunteer_of_token(token)
    if found is None:
        wait = seconds_to_wait(request, "suggestions link")
        if wait:
            return too_many_requests(request, retry_after=wait)
        return private(render(request, "volunteers/becoming/suggested_over.html", status=404))
    return private(_page(request, found, BY_LINK, back=""))


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: SignedInRequest) -> HttpResponse:
    """The same, signed in as themself."""
    found = own_volunteer(request.user)
    if found is None or found.state != VolunteerState.REDIRECTED:
        return redirect("volunteers:my_volunteering")
    return _page(request, found, request.user, back="my")


def _page(request: HttpRequest, volunteer: Volunteer, by: Actor, *, back: str) -> HttpResponse:
    """The list; after the button, the policies that are new to them, if any; then it is sent."""
    problem, form, role = "", None, None
    if request.method == "POST":
        role = _role(volunteer, request.POST.get("role", ""))
        if role is None:
            problem = _("This role is not open any more. Please choose another one.")
        else:
            missing = policies_to_agree(volunteer, role)
            form = TakeUpForm(request.POST if "apply" in request.POST else None, policies=missing)
            if not missing or form.is_valid():
                try:
                    application = take_up(volunteer=volunteer, role=role, by=by)
                except Refused as refusal:
                    problem, form = str(refusal), None
                else:
                    request.session[APPLIED] = str(application.pk)
                    return redirect("volunteers:applied")
    if form is not None and role is not None:
        return render(
            request,
            "volunteers/becoming/suggested_agree.html",
            {"form": form, "role": role},
            status=422 if form.errors else 200,
        )
    return render(
        request,
        "volunteers/becoming/suggested.html",
        {
            "suggestions": suggestions_of(volunteer),
            "reference": volunteer.reference,
            "step": NextStep.objects.filter(volunteer=volunteer).open().first(),
            "problem": problem,
            "back": back,
        },
        status=422 if problem else 200,
    )


def _role(volunteer: Volunteer, typed: str) -> Opportunity | None:
    try:
        return suggested_role(volunteer, UUID(typed))
    except ValueError:
        return None
