"""Carers at the desk: who waits for the council, the first stage with somebody, and what followed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, can, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.printing import PrintSize
from members.access import person_or_404
from members.cards.actions import card_for
from members.joining.mine import my_membership
from members.models import Person
from members.refusals import Refused as MembersRefused
from pathways.actions.carers import first_stage, pass_to_council, second_stage, telecare_told
from pathways.actions.carers_enquiries import council_key
from pathways.actions.carers_pathway import begin_for_carer, carers_kind, their_pathway
from pathways.carers.forms import KnownForm, SecondForm
from pathways.carers.known import known_carers
from pathways.carers.views.mine import change_plan
from pathways.carers.views.public import plan_answer, wallet_answer
from pathways.events import CARER_VIEWED, CARERS_LISTED
from pathways.models import CarerAssessment, EmergencyPlan, Pathway
from pathways.refusals import Refused
from referrals.models import Enquiry

PER_PAGE = 25
# So many days before telecare ends somebody rings the carer.
SOON = timedelta(days=28)
SHOW = ("council", "telecare", "all")


@requires(Permission.CARER_VIEW)
@never_cache
@require_safe
def board(request: SignedInRequest) -> HttpResponse:
    """What is to be done for carers: the council's stage, telecare that ends, or all of them."""
    show = request.GET.get("show", "council")
    show = show if show in SHOW else "council"
    mine = CarerAssessment.objects.visible_to(request.user)
    until = timezone.localdate() + SOON
    lists = {
        "council": mine.waiting_for_second().order_by("assessed_on", "id"),
        "telecare": mine.telecare_ends_by(until).order_by("telecare_until", "id"),
        "all": mine.filter(carer__isnull=False, stage="first"),
    }
    page = Paginator(lists[show].select_related("carer", "organisation"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    rows = list(page.object_list)
    if rows:
        record(
            CARERS_LISTED,
            by=request.user,
            details={"people": sorted({row.carer_id for row in rows}, key=str)},
        )
    return render(
        request,
        "pathways/carers/board.html",
        {
            "page": page,
            "rows": rows,
            "show": show,
            "counts": {name: found.count() for name, found in lists.items()},
            "known": known_carers(),
            "may_estimate": can(request.user, Permission.CARER_ESTIMATE_ADD),
            "query": f"show={show}&",
        },
    )


def _carer(request: SignedInRequest, person_id: UUID) -> Person:
    return person_or_404(request.user, Permission.CARER_VIEW, person_id)


@requires(Permission.CARER_VIEW)
@never_cache
@require_safe
def carer(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """What somebody said as a carer, and what they were given. Looking is written down."""
    person = _carer(request, person_id)
    found = list(
        CarerAssessment.objects.visible_to(request.user)
        .filter(carer=person)
        .select_related("organisation", "followed_by")
    )
    record(CARER_VIEWED, by=request.user, subject=person.id, organisation=person.organisation_id)
    my = my_membership(person)
    return render(
        request,
        "pathways/carers/carer.html",
        {
            "person": person,
            "assessments": found,
            "follow_ups": _follow_ups(request, found),
            "pathway": _pathway(request, person),
            "may_begin": _may_begin(request, person, found),
            "plan": EmergencyPlan.objects.filter(carer=person).first(),
            "my": my,
            "card": card_for(my.row, person) if my else None,
            "sizes": [int(size) for size in PrintSize],
        },
    )


def _follow_ups(
    request: SignedInRequest, stages: list[CarerAssessment]
) -> list[tuple[Enquiry, bool]]:
    """The access point's enquiries about them of which something is still promised; and whether this user
    may open each."""
    keys = [council_key(one) for one in stages if one.stage == CarerAssessment.Stage.FIRST]
    waiting = Enquiry.objects.filter(key__in=keys, promise_kept_at=None)
    rows = list(waiting.select_related("organisation").order_by("promised_on", "id"))
    open_to = set(Enquiry.objects.visible_to(request.user).filter(key__in=keys).values_list("pk"))
    return [(row, (row.pk,) in open_to) for row in rows]


def _pathway(request: SignedInRequest, person: Person) -> Pathway | None:
    found = their_pathway(person)
    return found if found in Pathway.objects.visible_to(request.user) else None


def _may_begin(
    request: SignedInRequest, person: Person, stages: list[CarerAssessment]
) -> CarerAssessment | None:
    """The newest first stage, for a pathway to begin from; nobody has two of them."""
    if not can(request.user, Permission.PATHWAY_COORDINATE, person):
        return None
    if carers_kind() is None or their_pathway(person) is not None:
        return None
    first = [one for one in stages if one.stage == CarerAssessment.Stage.FIRST]
    return max(first, key=lambda one: one.assessed_on, default=None)


@requires(Permission.CARER_ASSESS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """The first stage with somebody at the desk, on the phone, or from their paper."""
    person = person_or_404(request.user, Permission.CARER_ASSESS, person_id)
    form = KnownForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            first_stage(
                person=person,
                organisation=person.organisation,
                said=form.said(by_carer=False),
                key=form.cleaned_data["key"],
                by=request.user,
            )
        except (Refused, MembersRefused) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("Written down. The card and the emergency plan are theirs from now on.")
            )
            return redirect("pathways:carer", person.pk)
    return render(
        request,
        "pathways/carers/first.html",
        {"form": form, "person": person},
        status=422 if form.errors else 200,
    )


def _assessment(request: SignedInRequest, assessment_id: UUID) -> CarerAssessment:
    """Theirs to see, and its carer's record open to them: by nearness, or by a reason given today."""
    found = get_object_or_404(
        CarerAssessment.objects.visible_to(request.user).select_related("carer", "organisation"),
        pk=assessment_id,
        carer__isnull=False,
        stage=CarerAssessment.Stage.FIRST,
    )
    if found.carer_id is not None:
        person_or_404(request.user, Permission.CARER_ASSESS, found.carer_id)
    return found


@requires(Permission.CARER_ASSESS)
@require_POST
def to_council(request: SignedInRequest, assessment_id: UUID) -> HttpResponse:
    """They were passed to the council for the second stage."""
    found = _assessment(request, assessment_id)
    try:
        pass_to_council(assessment=found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Written down: passed to the council."))
    return redirect("pathways:carer", found.carer_id)


@requires(Permission.PATHWAY_COORDINATE)
@require_POST
def begin(request: SignedInRequest, assessment_id: UUID) -> HttpResponse:
    """A pathway for carers from what they said, in one press."""
    found = _assessment(request, assessment_id)
    try:
        begun = begin_for_carer(assessment=found, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("pathways:carer", found.carer_id)
    if not Pathway.objects.visible_to(request.user).filter(pk=begun.pk).exists():
        messages.info(request, _("Somebody goes with them already, on a pathway for carers."))
        return redirect("pathways:carer", found.carer_id)
    messages.success(
        request,
        _("The pathway goes on: %(reference)s. What they said is in the plan.")
        % {"reference": begun.reference},
    )
    return redirect(begun)


@requires(Permission.CARER_ASSESS)
@require_POST
def told_telecare(request: SignedInRequest, assessment_id: UUID) -> HttpResponse:
    """They were rung: the telecare ends on that day."""
    found = _assessment(request, assessment_id)
    telecare_told(assessment=found, by=request.user)
    messages.success(request, _("Written down: they know when the telecare ends."))
    return redirect("pathways:carer", found.carer_id)


@requires(Permission.CARER_ASSESS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second(request: SignedInRequest, assessment_id: UUID) -> HttpResponse:
    """What the council's assessment came to."""
    found = _assessment(request, assessment_id)
    form = SecondForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            second_stage(first=found, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Written down: what the council's assessment came to."))
            return redirect("pathways:carer", found.carer_id)
    return render(
        request,
        "pathways/carers/second.html",
        {"form": form, "first": found, "person": found.carer},
        status=422 if form.errors else 200,
    )


def _plan(person: Person) -> EmergencyPlan:
    return get_object_or_404(
        EmergencyPlan.objects.select_related("carer", "organisation"), carer=person
    )


@requires(Permission.CARER_ASSESS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Change the emergency plan with the carer."""
    person = person_or_404(request.user, Permission.CARER_ASSESS, person_id)
    return change_plan(
        request, _plan(person), by=request.user, back="pathways:carer", arguments=(person.pk,)
    )


@requires(Permission.CARER_VIEW)
@never_cache
@require_safe
def plan_pdf(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    person = _carer(request, person_id)
    found = _plan(person)
    record(CARER_VIEWED, by=request.user, subject=person.id, organisation=person.organisation_id)
    return plan_answer(found, request)


@requires(Permission.CARER_VIEW)
@never_cache
@require_safe
def wallet_pdf(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    person = _carer(request, person_id)
    found = _plan(person)
    record(CARER_VIEWED, by=request.user, subject=person.id, organisation=person.organisation_id)
    return wallet_answer(found)
