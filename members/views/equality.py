"""The voluntary questions: handed over, entered, and shown to nobody."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.printing import PrintSize, file_name, pdf_response, render_pdf
from members.access import person_or_404
from members.actions.equality import hand_in_equality
from members.forms.equality import EqualityForm


@requires(Permission.EQUALITY_RECORD)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def equality(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """The form, always empty: what was answered before is not read back here or anywhere."""
    found = person_or_404(request.user, Permission.EQUALITY_RECORD, person_id)
    form = EqualityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        hand_in_equality(person=found, answers=form.cleaned_data, by=request.user)
        messages.success(
            request, _("Thank you. The answers are put away; nobody here can look them up.")
        )
        return redirect(found)
    return render(
        request,
        "members/desk/person_equality.html",
        {"person": found, "form": form, "sizes": list(PrintSize)},
        status=422 if form.errors else 200,
    )


@requires(Permission.EQUALITY_RECORD)
@require_safe
def equality_paper(request: SignedInRequest) -> HttpResponse:
    """The same questions on paper, the boxes in the same order; no name on it."""
    try:
        size = PrintSize(int(request.GET.get("size", "18")))
    except ValueError:
        size = PrintSize.LARGE
    pdf = render_pdf(
        "print/equality.html",
        {"form": EqualityForm()},
        size=size,
        title=_("About you: questions you need not answer"),
    )
    return pdf_response(pdf, file_name("about-you", size=size, on=timezone.localdate()))
