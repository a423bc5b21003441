"""What volunteers agree to, at the desk: read, and written version by version."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, requires, scope_of_permission
from dcsn.access.requests import SignedInRequest
from directory.models import Organisation
from volunteers.actions.policies import write_policy
from volunteers.becoming.forms.policy import PolicyForm
from volunteers.models import PolicyVersion
from volunteers.refusals import Refused

ROWS_ON_A_PAGE = 50


@requires(Permission.VOLUNTEER_MANAGE)
@never_cache
@require_safe
def policies(request: SignedInRequest) -> HttpResponse:
    """The newest version of each, with how many agreed to it."""
    newest = PolicyVersion.objects.visible_to(request.user).newest().values("pk")
    rows = (
        PolicyVersion.objects.filter(pk__in=newest)
        .select_related("organisation")
        .annotate(agreed=Count("agreements"))
        .order_by("organisation__sort_key", "title", "id")
    )
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "volunteers/becoming/policies_written.html",
        {"page": page, "today": timezone.localdate()},
    )


@requires(Permission.VOLUNTEER_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    scope = scope_of_permission(request.user, Permission.VOLUNTEER_MANAGE)
    rows = Organisation.objects.order_by("sort_key", "id")
    if not scope.network:
        rows = rows.filter(pk__in=scope.organisations)
    form = PolicyForm(
        request.POST if request.method == "POST" else None,
        organisations=rows,
        everybody=scope.network,
        initial={"in_force_from": timezone.localdate()},
    )
    return _written(request, form, None)


@requires(Permission.VOLUNTEER_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: SignedInRequest, policy_id: UUID) -> HttpResponse:
    """One policy with all its versions; the next one is written here."""
    found = get_object_or_404(PolicyVersion.objects.visible_to(request.user), pk=policy_id)
    form = PolicyForm(
        request.POST if request.method == "POST" else None,
        initial={
            "title": found.title,
            "text": found.text,
            "in_force_from": timezone.localdate(),
        },
    )
    return _written(request, form, found)


def _written(
    request: SignedInRequest, form: PolicyForm, found: PolicyVersion | None
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            policy = write_policy(
                organisation=found.organisation if found else typed["whose"],
                title=typed["title"],
                text=typed["text"],
                in_force_from=typed["in_force_from"],
                after=found,
                by=request.user,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("It is saved. From its day on volunteers are asked to agree to it.")
            )
            return redirect("volunteers:desk_policy", policy.pk)
    versions = (
        PolicyVersion.objects.filter(organisation=found.organisation_id, key=found.key)
        .annotate(agreed=Count("agreements"))
        .order_by("-number")
        if found
        else []
    )
    return render(
        request,
        "volunteers/becoming/policy.html",
        {
            "form": form,
            "policy": found,
            "versions": versions,
            "is_newest": not found or found.number == max(one.number for one in versions),
            "today": timezone.localdate(),
        },
        status=422 if form.errors else 200,
    )
