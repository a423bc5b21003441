"""When a service is given."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dcsn.access import Permission, get_permitted_or_404, requires
from directory.actions.services import ChangedMeanwhileError
from directory.actions.times import change_times, editable_closures, editable_rules
from directory.desk.forms.times import (
    ClosureFormSet,
    SeenForm,
    SessionFormSet,
    closure_row,
    session_row,
)
from directory.models import Service


@requires(Permission.SERVICE_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def times(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Change the sessions that repeat and the days on which it is closed, all in one go."""
    service = get_permitted_or_404(
        request.user, Permission.SERVICE_CHANGE, Service.objects.all(), pk=service_id
    )
    places = [
        (str(link.pk), _("Address kept confidential") if link.location.is_confidential
         else link.location.name or _("Its place"))
        for link in service.service_at_locations.select_related("location")
    ]  # fmt: skip
    data = request.POST or None
    sessions = SessionFormSet(
        data,
        prefix="sessions",
        initial=[session_row(rule) for rule in editable_rules(service)],
        form_kwargs={"places": places},
    )
    closures = ClosureFormSet(
        data, prefix="closures", initial=[closure_row(one) for one in editable_closures(service)]
    )
    seen = SeenForm(data, initial={"seen": service.last_modified.isoformat()})
    status = 200
    changed_meanwhile = False
    if request.method == "POST":
        status = 422
        # All three are checked, so that every mistake is said at once.
        if all([sessions.is_valid(), closures.is_valid(), seen.is_valid()]):
            try:
                change_times(
                    service=service,
                    sessions=[row.draft for row in sessions if row.draft is not None],
                    closures=[row.draft for row in closures if row.draft is not None],
                    seen=seen.cleaned_data["seen"],
                    by=request.user,
                )
            except ChangedMeanwhileError as meanwhile:
                status, changed_meanwhile = 409, True
                seen = SeenForm(initial={"seen": meanwhile.current.last_modified.isoformat()})
            else:
                messages.success(request, _("Saved. The public page shows it now."))
                return redirect("directory_desk:times", service_id=service.pk)
    return render(
        request,
        "directory/desk/times.html",
        {
            "service": service,
            "sessions": sessions,
            "closures": closures,
            "seen": seen,
            "changed_meanwhile": changed_meanwhile,
            "has_errors": status == 422,
        },
        status=status,
    )
