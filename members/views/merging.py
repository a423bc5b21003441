"""Records that look like one person's: the list, two side by side, and taking apart again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dcsn.access import Permission, get_permitted_or_404, requires
from dcsn.access.requests import SignedInRequest
from dcsn.accounts.models import User
from dcsn.audit import record
from dcsn.audit.models import Event
from dcsn.privacy import current_id_of
from dcsn.privacy.models import PersonAlias
from dcsn.privacy.registry import links
from members.access import Standing, opening_of, person_or_404, standing_of
from members.actions.merging import merge_records, say_different, unmerge_records
from members.actions.opening import open_record
from members.events import DUPLICATES_LISTED, PERSON_VIEWED
from members.finding.agreements import under_agreement
from members.finding.keys import other_names
from members.finding.scoring import Described, Score, score
from members.finding.typed import Typed
from members.forms.merging import MergeForm
from members.models import (
    EqualityAnswers,
    MergedValues,
    Opening,
    Person,
    PersonKeys,
    PossibleDuplicate,
    SafetyFlag,
)
from members.refusals import CannotBeMerged

PER_PAGE = 20
# What is not told even as a number, or is no matter of the person's.
_NOT_COUNTED = (
    Event,
    Person,
    PersonKeys,
    PossibleDuplicate,
    MergedValues,
    EqualityAnswers,
    SafetyFlag,
)


@requires(Permission.PERSON_MERGE)
@never_cache
@require_safe
def duplicates(request: SignedInRequest) -> HttpResponse:
    """Pairs that nobody has decided about, the likeliest first."""
    rows = PossibleDuplicate.objects.open().mergeable_by(
        request.user, under_agreement(timezone.localdate())
    )
    page = Paginator(rows.for_list(), PER_PAGE).get_page(request.GET.get("page"))
    pairs = list(page.object_list)
    people = {p.pk: p for pair in pairs for p in (pair.first, pair.second)}
    if people:
        record(DUPLICATES_LISTED, by=request.user, details={"people": list(people)})
    names = other_names(people)
    described = {pk: Typed.of_person(person, names.get(pk)) for pk, person in people.items()}
    return render(
        request,
        "members/desk/duplicates.html",
        {
            "page": page,
            "rows": [
                (pair, score(described[pair.first_id], Described.of(described[pair.second_id])))
                for pair in pairs
            ],
            "query": "",
        },
    )


@requires(Permission.PERSON_MERGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: SignedInRequest, one_id: UUID, other_id: UUID) -> HttpResponse:
    """Two records side by side: put them together, or say that they are two people."""
    one, other = (_mergeable(request.user, identifier) for identifier in (one_id, other_id))
    if one.pk == other.pk:
        messages.info(request, _("These are one record already."))
        return redirect(one)
    if not all(_is_open(request.user, person) for person in (one, other)):
        return _open_both(request, one, other)
    do = request.POST.get("do")
    form = MergeForm(request.POST if do == "merge" else None, first=one, second=other)
    if do == "different":
        say_different(one=one, other=other, by=request.user)
        messages.success(request, _("It is noted that these are two people."))
        return redirect("members:duplicates")
    if do == "merge" and form.is_valid():
        old, current = form.old_and_current
        try:
            merge_records(old=old, current=current, take=form.take, by=request.user)
        except CannotBeMerged as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, _("The two records are one now. It can be undone below."))
            return redirect(current)
    if request.method != "POST":
        for person in (one, other):
            record(
                PERSON_VIEWED,
                by=request.user,
                subject=person.pk,
                organisation=person.organisation_id,
            )
    return render(
        request,
        "members/desk/merge.html",
        {
            "form": form,
            "columns": [(one, what_hangs_on(one)), (other, what_hangs_on(other))],
            "score": _compared(one, other),
        },
        status=422 if form.errors else 200,
    )


def _mergeable(user: User, person_id: UUID) -> Person:
    """Outside one's own access point 404; a reason is asked for on this page itself."""
    return get_permitted_or_404(
        user,
        Permission.PERSON_MERGE,
        Person.objects.known().select_related("organisation", "coordinator"),
        id=current_id_of(person_id),
    )


def _is_open(user: User, person: Person) -> bool:
    near = standing_of(user, person, Permission.PERSON_MERGE) is Standing.NEAR
    return near or opening_of(user, person) is not None


def _open_both(request: SignedInRequest, one: Person, other: Person) -> HttpResponse:
    """Comparing is a reason; it is given once for the two of them, and written down for each."""
    if request.POST.get("do") == "open":
        with transaction.atomic():
            for person in (one, other):
                if not _is_open(request.user, person):
                    open_record(person=person, by=request.user, reason=Opening.Reason.DUPLICATE)
        return redirect("members:merge", one.pk, other.pk)
    return render(request, "members/desk/merge_open.html", {"people": (one, other)})


def what_hangs_on(person: Person) -> list[tuple[str, int]]:
    """How many rows of each kind lead to the person: what a merge would bring along."""
    found = []
    for model, link in links():
        if model in _NOT_COUNTED or link.left_out_of_copy:
            continue
        count = len(link.export(person.pk))
        if count:
            names = model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural
            found.append((str(names), count))
    return found


def _compared(one: Person, other: Person) -> Score:
    names = other_names([one.pk, other.pk])
    return score(
        Typed.of_person(one, names.get(one.pk)),
        Described.of(Typed.of_person(other, names.get(other.pk))),
    )


@requires(Permission.PERSON_MERGE)
@require_POST
def unmerge(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Take apart what was put together."""
    person = person_or_404(request.user, Permission.PERSON_MERGE, person_id)
    try:
        alias_id = UUID(request.POST.get("alias", ""))
    except ValueError as error:
        raise Http404 from error
    alias = get_object_or_404(PersonAlias, pk=alias_id, current_id=person.pk)
    try:
        unmerge_records(alias=alias, by=request.user)
    except CannotBeMerged as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("They are two records again."))
    return redirect(person)
