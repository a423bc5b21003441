"""All visits still to come of help that comes again, changed as one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from members.models import Person
from volunteers.access import coordinated_request_or_404
from volunteers.actions.series import (
    SeriesChange,
    VolunteerCannot,
    change_series,
    stamp_of,
    still_to_come,
)
from volunteers.events import HELP_VIEWED
from volunteers.helping.telling import tell_of_series
from volunteers.helping.views.visits import say_and_whom_to_ring
from volunteers.helping.visit_forms import SeriesForm
from volunteers.models import HelpRequest, Repeats
from volunteers.refusals import ChangedMeanwhile, Refused


@requires(Permission.HELP_COORDINATE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def series(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """Another day, time, length or task from now on. Where the volunteer cannot, it says why first."""
    found = coordinated_request_or_404(request.user, request_id)
    if found.repeats == Repeats.ONCE or found.is_final:
        raise Http404
    form = SeriesForm(request.POST or None, initial=_now_at(found))
    cannot: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                done = change_series(
                    help_request=found,
                    new=form.new,
                    seen=form.cleaned_data["seen"],
                    let_go=form.cleaned_data["let_go"],
                    by=request.user,
                )
                to_ring = tell_of_series(done, by=request.user) if done.changed else []
        except VolunteerCannot as refusal:
            cannot = refusal.reasons
            form.add_error(
                "let_go", _("The volunteer cannot do the new time. Read why, and decide")
            )
        except ChangedMeanwhile as refusal:
            form.add_error(None, str(refusal))
            # What was typed stays; what it is held against is how it is now.
            again = request.POST.copy()
            again["seen"] = stamp_of(HelpRequest.objects.get(pk=found.pk))
            form.data = again
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            _say(request, done, to_ring)
            return redirect("volunteers:help_one", found.pk)
    found.refresh_from_db(fields=["version", "starts_at", "ends_at", "minutes", "repeats"])
    record(
        HELP_VIEWED,
        by=request.user,
        subject=found.person_id,
        organisation=found.organisation_id,
        details={"help_request": found.pk},
    )
    offer = found.offers.filter(state="accepted").select_related("volunteer__person").first()
    return render(
        request,
        "volunteers/helping/series.html",
        {
            "one": found,
            "form": form,
            "visits": still_to_come(found),
            "volunteer": offer.volunteer.person if offer else None,
            "cannot": cannot,
        },
        status=409 if form.is_bound and form.errors else 200,
    )


def _now_at(found: HelpRequest) -> dict[str, Any]:
    facts: dict[str, Any] = {"minutes": found.minutes, "what": found.what, "seen": stamp_of(found)}
    if found.starts_at is not None:
        starts = timezone.localtime(found.starts_at)
        facts |= {"weekday": starts.isoweekday(), "time": starts.time()}
    return facts


def _say(request: SignedInRequest, done: SeriesChange, to_ring: list[Person]) -> None:
    if not done.changed:
        messages.success(request, _("It is as you wanted it."))
        return
    if done.let_go is not None:
        said = _("It is changed. The volunteer is let go, and somebody else is looked for.")
    elif done.moved:
        said = ngettext(
            "%(count)d visit is moved. Print its sheet anew.",
            "%(count)d visits are moved. Print their sheets anew.",
            len(done.moved),
        ) % {"count": len(done.moved)}
    else:
        said = _("It is changed from now on.")
    say_and_whom_to_ring(request, said, to_ring)
    if done.stayed:
        messages.warning(
            request,
            ngettext(
                "%(count)d visit stays as it is, because the new day of its week is over or taken. "
                "Move or cancel it by itself.",
                "%(count)d visits stay as they are, because the new day of their week is over or taken. "
                "Move or cancel them one by one.",
                len(done.stayed),
            )
            % {"count": len(done.stayed)},
        )
