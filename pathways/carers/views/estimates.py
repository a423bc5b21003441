"""How many carers there may be: every figure that was ever written down, and the next one."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.network import network
from pathways.actions.carer_estimates import add_estimate
from pathways.carers.forms import EstimateForm
from pathways.carers.known import known_carers
from pathways.models import CarerEstimate
from pathways.refusals import Refused

PER_PAGE = 25


@requires(Permission.CARER_ESTIMATE_ADD)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def estimates(request: SignedInRequest) -> HttpResponse:
    form = EstimateForm(request.POST or None, initial={"area": network().area_name})
    if request.method == "POST" and form.is_valid():
        try:
            add_estimate(**form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error("as_of", str(refusal))
        else:
            messages.success(request, _("Written down. It stays as it is, whatever follows."))
            return redirect("pathways:carer_estimates")
    known = known_carers()
    page = Paginator(CarerEstimate.objects.all(), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "pathways/carers/estimates.html",
        {
            "form": form,
            "known": known,
            "now": {one.estimate.pk for one in known},
            "page": page,
            "rows": list(page.object_list),
            "query": "",
        },
        status=422 if form.errors else 200,
    )
