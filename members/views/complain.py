"""Complaining about how personal data are handled, as a resident meets it: no account, on screen or on
paper (Data Protection Act 2018, section 164A)."""

from __future__ import annotations

from datetime import date
from zlib import crc32

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import public
from dcsn.limits.rates import limited
from dcsn.network import network
from dcsn.printing import PrintSize, file_name, pdf_response
from members.actions.complaints import COMPLAINT_FORM, make_complaint
from members.complaint_form import form_pdf
from members.forms.complaints import ComplaintForm
from members.models import Complaint
from members.refusals import Refused

DONE = "complaint_done"
AN_HOUR = 60 * 60


@public
@limited("complaint")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """Send a complaint. Whatever is wrong, what was typed stays in the boxes."""
    form = ComplaintForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            complaint = make_complaint(
                key=form.cleaned_data["key"],
                facts=form.facts,
                organisation=form.cleaned_data["organisation"],
                via=Complaint.Via.ONLINE,
                received_on=timezone.localdate(),
                by=COMPLAINT_FORM,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            # The next page tells the reference; on a shared computer it must tell no more than that.
            request.session[DONE] = {
                "reference": complaint.reference,
                "by": complaint.acknowledge_by.isoformat(),
            }
            return redirect("members:complain_done")
    return render(
        request, "members/complain.html", {"form": form, "sizes": [int(size) for size in PrintSize]}
    )


@public
@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """That we have it; a reload says the same and sends nothing."""
    said = request.session.get(DONE)
    if said is None:
        return redirect("members:complain")
    last = date.fromisoformat(said["by"])
    return render(
        request, "members/complain_done.html", {"reference": said["reference"], "last": last}
    )


@public
@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """The same form to fill in with a pen. Laid out once an hour: anybody may ask for it."""
    size = PrintSize.read(request.GET.get("size"))
    here = network()
    said = "|".join(map(str, (here.name, here.helpline, here.helpline_hours)))
    key = f"complaint-form:{size:d}:{crc32(said.encode())}"
    data = cache.get_or_set(key, lambda: form_pdf(size), AN_HOUR)
    return pdf_response(data, file_name(_("Complaint form"), size=size, on=timezone.localdate()))
