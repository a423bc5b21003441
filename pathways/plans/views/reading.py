"""The plan itself, its pictures, and what was changed when."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render

from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from pathways.actions.plans import SHARED_IN
from pathways.events import PLAN_VIEWED
from pathways.models import Part, Plan, PlanAgreement, PlanVersion, ReviewState
from pathways.plans.history import Change, changes
from pathways.plans.page import copies_of, may_begin, page_of, shared_with
from pathways.plans.sight import Sight

PER_PAGE = 20


def look_at(request: SignedInRequest, sight: Sight) -> None:
    """Whoever is not the person leaves a trace of having looked."""
    if not sight.is_own:
        record(
            PLAN_VIEWED,
            by=request.user,
            subject=sight.plan.pathway.person_id,
            organisation=sight.plan.pathway.organisation_id,
            details={"plan": sight.plan.pk},
        )


def plan_page(request: SignedInRequest, sight: Sight) -> HttpResponse:
    look_at(request, sight)
    page = page_of(sight)
    roles = {one.role for one in page.agreements}
    return render(
        request,
        "pathways/plans/plan.html",
        {
            "sight": sight,
            "plan": sight.plan,
            "person": sight.plan.pathway.person,
            "page": page,
            "circle": page.circle,
            "missing": [role.label for role in PlanAgreement.Role if role not in roles],
            "to_put_in_place": sight.is_staff and bool(sight.writes) and may_begin(sight.plan),
            "shared": [] if sight.is_provider else shared_with(sight.plan),
            "reason_waits": sight.is_own and _reason_waits(sight.plan),
            "copies": [] if sight.is_provider else copies_of(sight.plan)[:10],
        },
    )


def _reason_waits(plan: Plan) -> bool:
    """Fewer hours are proposed with a reason, and the person has not said yet that they saw it."""
    if plan.is_final:
        return False
    proposed = plan.reviews.filter(
        state=ReviewState.HELD, reason_seen_on=None, minutes_after__lt=F("minutes_before")
    )
    return proposed.exclude(fewer_because="").exists()


def picture(request: SignedInRequest, sight: Sight, part: str) -> HttpResponseBase:
    """A picture of one part, for whoever sees that part; no browser but theirs keeps it."""
    if part not in Part.values or SHARED_IN[part] not in sight.sees:
        raise Http404
    row = sight.plan.parts.filter(part=part).exclude(picture="").first()
    if row is None:
        raise Http404
    try:
        with row.picture.open("rb") as file:
            content = file.read()
    except OSError as error:
        # The row outlived its file, as after a restore without the files.
        raise Http404 from error
    response = HttpResponse(content, content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    return response


def history(request: SignedInRequest, sight: Sight) -> HttpResponse:
    """Every version: who, when, what; the newest first."""
    look_at(request, sight)
    versions = sight.plan.versions.select_related("by").order_by("-number")
    page = Paginator(versions, PER_PAGE).get_page(request.GET.get("page"))
    # Each is held against the one before it, which may stand on the next page.
    first = page.object_list[0].number if page.object_list else 0
    held = {
        row.number: row.contents
        for row in sight.plan.versions.filter(number__gte=first - PER_PAGE, number__lte=first)
    }
    rows = []
    for version in page.object_list:
        found = changes(held.get(version.number - 1, {}), version.contents, sight.sees)
        if found or not sight.is_provider:
            rows.append((version, found))
    agreed: dict[int, list[PlanAgreement]] = {}
    if not sight.is_provider:
        for one in sight.plan.agreements.filter(version__in=list(held)).order_by("agreed_on"):
            agreed.setdefault(one.version, []).append(one)
    return render(
        request,
        "pathways/plans/history.html",
        {
            "sight": sight,
            "plan": sight.plan,
            "page": page,
            "rows": [(version, found, agreed.get(version.number, [])) for version, found in rows],
        },
    )


def version(request: SignedInRequest, sight: Sight, number: int) -> HttpResponse:
    """What one version changed: against the one before, or against ``?since=`` an earlier one."""
    look_at(request, sight)
    found = sight.plan.versions.select_related("by").filter(number=number).first()
    if found is None:
        raise Http404
    since = _since(request.GET.get("since"), number)
    before = sight.plan.versions.filter(number=since).first()
    return render(
        request,
        "pathways/plans/version.html",
        {
            "sight": sight,
            "plan": sight.plan,
            "version": found,
            "since": since,
            "changes": _changes(before, found, sight),
            "names": [] if sight.is_provider else sight.plan.agreements.filter(version=number),
        },
    )


def _since(asked: str | None, number: int) -> int:
    if asked and asked.isascii() and asked.isdecimal() and len(asked) < 7 and int(asked) < number:
        return int(asked)
    return number - 1


def _changes(before: PlanVersion | None, after: PlanVersion, sight: Sight) -> list[Change]:
    return changes(before.contents if before else {}, after.contents, sight.sees)
