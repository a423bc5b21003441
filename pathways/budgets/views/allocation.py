"""A council's own points and figures: typed or pasted, looked at, signed off, and never changed again."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from pathways.actions.allocation import in_force, load_version
from pathways.budgets.forms import AllocationForm
from pathways.budgets.reading import equality_rows
from pathways.budgets.words import pounds, working_lines
from pathways.models import AllocationVersion
from pathways.refusals import Refused

# What the example of the look at it is reckoned with.
EXAMPLE_POINTS = 42


@requires(Permission.ALLOCATION_CHANGE)
@never_cache
@require_safe
def versions(request: SignedInRequest) -> HttpResponse:
    return render(
        request,
        "pathways/budgets/versions.html",
        {"versions": AllocationVersion.objects.all()[:100], "now": in_force()},
    )


@requires(Permission.ALLOCATION_CHANGE)
@never_cache
@require_safe
def version(request: SignedInRequest, number: int) -> HttpResponse:
    found = get_object_or_404(AllocationVersion, number=number)
    return render(
        request,
        "pathways/budgets/version.html",
        {
            "version": found,
            "lines": working_lines(found.figures, EXAMPLE_POINTS),
            "value": pounds(found.figures.point_value_pence, 6),
            "now": in_force(),
        },
    )


@requires(Permission.ALLOCATION_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """First a look at what would be in force; the second press signs off exactly what was looked at."""
    form = AllocationForm(request.POST or None)
    look = None
    if request.method == "POST" and form.is_valid():
        look = {
            "table": form.read,
            "lines": working_lines(form.figures, EXAMPLE_POINTS),
            "equality": equality_rows(form.read_cases),
        }
        if request.POST.get("do") == "sign":
            made = _sign(request, form)
            if made is not None:
                messages.success(
                    request, _("Table %(number)s is loaded.") % {"number": made.number}
                )
                return redirect("pathways:allocation_version", made.number)
        again = request.POST.copy()
        again["shown"] = form.fingerprint()
        form.data = again
    return render(
        request,
        "pathways/budgets/allocation_new.html",
        {"form": form, "look": look, "example": EXAMPLE_POINTS},
        status=422 if form.errors else 200,
    )


def _sign(request: SignedInRequest, form: AllocationForm) -> AllocationVersion | None:
    if form.cleaned_data["shown"] != form.fingerprint():
        form.add_error(None, _("Something was changed since you looked at it. Look at it again."))
    elif not form.cleaned_data["signed_off_by"]:
        form.add_error("signed_off_by", _("Say who signs off the equality check"))
    else:
        try:
            return load_version(draft=form.draft(), by=request.user)
        except Refused as refusal:
            form.add_error("valid_from", str(refusal))
        except ValidationError as error:
            form.add_error(None, error)
    return None
