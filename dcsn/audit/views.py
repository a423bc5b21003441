"""What was done, for the administrator."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dcsn.access import Permission, requires
from dcsn.audit.forms import TrailForm
from dcsn.audit.models import Event

PAGE_SIZE = 50


@requires(Permission.AUDIT_VIEW)
def trail(request: HttpRequest) -> HttpResponse:
    """Newest first, a page at a time. Names who did something, never whom it was about. Safeguarding
    concerns are not in it: administrators see nobody's case, nor that there is one.

    Pages follow the last row seen rather than a number, because rows are added while somebody reads, and
    because counting millions of them for every page would be slow.
    """
    form = TrailForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    events = Event.objects.open_to_others().order_by("-happened_at", "-id")
    if wanted.get("type"):
        events = events.filter(type=wanted["type"])
    if wanted.get("account"):
        events = events.filter(actor_user=wanted["account"])
    if wanted.get("about"):
        events = events.filter(subject=wanted["about"])
    last_seen = Event.objects.filter(id=wanted["before"]).first() if wanted.get("before") else None
    if last_seen:
        events = events.filter(
            Q(happened_at__lt=last_seen.happened_at)
            | Q(happened_at=last_seen.happened_at, id__lt=last_seen.id)
        )
    page = list(events[: PAGE_SIZE + 1])
    shown, more = page[:PAGE_SIZE], len(page) > PAGE_SIZE
    names = _names({event.actor_user for event in shown if event.actor_user})
    filters = {key: str(wanted[key]) for key in ("type", "account", "about") if wanted.get(key)}
    return render(
        request,
        "audit/trail.html",
        {
            "form": form,
            "rows": [(event, event.sentence(_actor(event, names))) for event in shown],
            "older": urlencode({**filters, "before": str(shown[-1].id)}) if more else "",
            "to_newest": bool(last_seen),
            "filters": urlencode(filters),
            "narrowed": bool(filters),
        },
    )


def _names(ids: set[UUID]) -> dict[UUID, str]:
    """What the actors are called; one whose account is gone is left out. One query."""
    found = get_user_model().objects.filter(pk__in=ids)
    return {user.pk: str(user) for user in found}


def _actor(event: Event, names: dict[UUID, str]) -> str:
    if event.actor_user is None:
        return _("The portal (%(job)s)") % {"job": event.actor_job}
    return names.get(event.actor_user) or _("Somebody whose account is gone")
