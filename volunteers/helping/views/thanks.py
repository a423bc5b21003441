"""A coordinator passes on the thanks of whoever was helped."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from volunteers.access import coordinated_request_or_404
from volunteers.helping.came import accepted_offer, said_at_desk, thanks_on, write_thanks
from volunteers.helping.views.one import page_of_one
from volunteers.refusals import Refused


@requires(Permission.HELP_COORDINATE)
@require_POST
def thank(request: SignedInRequest, request_id: UUID) -> HttpResponse:
    """What the person said on the telephone or wrote on paper, passed on."""
    found = coordinated_request_or_404(request.user, request_id)
    offer = accepted_offer(found)
    form = thanks_on(found, offer, request.POST, desk=True)["thank_form"]
    if form is None:
        messages.warning(request, _("This is over: see below how it stands now."))
        return redirect("volunteers:help_one", found.pk)
    if not form.is_valid():
        return page_of_one(request, found, status=422, thank_form=form)
    try:
        thanks = write_thanks(form, offer, request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return page_of_one(request, found, status=409, thank_form=form)
    messages.success(request, said_at_desk(thanks))
    return redirect("volunteers:help_one", found.pk)
