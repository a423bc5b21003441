"""The kinds of pathway, their stages and their rhythm of reviews: data, kept by the administrator."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from pathways.events import KIND_CHANGED
from pathways.forms.kinds import KindForm
from pathways.models import PathwayKind


@requires(Permission.PATHWAY_KIND_CHANGE)
@never_cache
@require_safe
def kinds(request: SignedInRequest) -> HttpResponse:
    rows = PathwayKind.objects.prefetch_related("stages")
    return render(request, "pathways/kinds.html", {"kinds": rows})


@requires(Permission.PATHWAY_KIND_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kind(request: SignedInRequest, kind_id: UUID) -> HttpResponse:
    """Reviews that are set from now on follow the new rhythm; those that are set stay."""
    with transaction.atomic():
        row = get_object_or_404(PathwayKind.objects.select_for_update(), pk=kind_id)
        form = KindForm(request.POST or None, instance=row)
        if request.method == "POST" and form.is_valid():
            if form.has_changed():
                form.save()
                record(
                    KIND_CHANGED,
                    by=request.user,
                    fields=form.changed_data,
                    details={"kind": row.code},
                )
            messages.success(
                request, _("It is saved. It counts for reviews that are set from now on.")
            )
            return redirect("pathways:kinds")
    return render(
        request,
        "pathways/kind.html",
        {"form": form, "kind": PathwayKind.objects.get(pk=kind_id)},
        status=422 if form.errors else 200,
    )
