"""The page of one pathway: who, with whom, how far, what comes next; and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dcsn.access import Permission, can, requires
from dcsn.access.requests import SignedInRequest
from dcsn.audit import record
from dcsn.privacy import all_ids_of
from pathways.access import pathway_or_404
from pathways.actions.contacts import change_contact_person, note_contact
from pathways.actions.pathways import (
    end_pathway,
    hand_over,
    move_stage,
    pause_pathway,
    resume_pathway,
)
from pathways.events import PATHWAY_VIEWED
from pathways.forms.moving import (
    ContactForm,
    EndForm,
    HandOverForm,
    PauseForm,
    RingForm,
    StageForm,
)
from pathways.models import Pathway
from pathways.page import sections_for
from pathways.refusals import Refused
from pathways.timeline import moments_of, say

SHOWN, PER_PAGE = 8, 25


@requires(Permission.PATHWAY_VIEW)
@never_cache
@require_safe
def pathway(request: SignedInRequest, pathway_id: UUID) -> HttpResponse:
    found = pathway_or_404(request.user, pathway_id)
    _seen(request, found)
    return _page(request, found)


@requires(Permission.PATHWAY_VIEW)
@never_cache
@require_safe
def timeline(request: SignedInRequest, pathway_id: UUID) -> HttpResponse:
    """All that has happened, over all organisations, a page at a time."""
    found = pathway_or_404(request.user, pathway_id)
    if found.person is None:
        raise Http404
    _seen(request, found)
    rows = moments_of(request.user, found.person, all_ids_of(found.person.pk))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "pathways/timeline.html",
        {
            "pathway": found,
            "page": page,
            "moments": [say(row, request.user) for row in page.object_list],
            "query": "",
        },
    )


@requires(Permission.PATHWAY_COORDINATE)
@require_POST
def change(request: SignedInRequest, pathway_id: UUID) -> HttpResponse:
    """``do`` says what; a form that cannot be kept is shown again with what was typed."""
    found = pathway_or_404(request.user, pathway_id)
    do = request.POST.get("do", "")
    way = WAYS.get(do)
    if way is None:
        return redirect(found)
    form = way.form(request, found)
    if form is None or form.is_valid():
        try:
            way.act(found, request, form.cleaned_data if form is not None else {})
        except Refused as refusal:
            if form is None:
                messages.warning(request, str(refusal))
                return redirect(found)
            form.add_error(None, str(refusal))
        except ValidationError as error:
            if form is None:
                raise
            form.add_error(None, error.messages)  # type: ignore[arg-type]
        else:
            messages.success(request, way.said)
            if Pathway.objects.visible_to(request.user).filter(pk=found.pk).exists():
                return redirect(found)
            return redirect("pathways:caseload")
    return _page(request, found, wrong=(do, form))


class _Way:
    """One thing to do with a pathway: its form, its action, and what is said afterwards."""

    def __init__(
        self,
        act: Callable[[Pathway, SignedInRequest, dict[str, Any]], Any],
        said: Any,
        form: Callable[[Any, Pathway], forms.Form] | None = None,
    ) -> None:
        self.act, self.said, self._form = act, said, form

    def form(self, request: SignedInRequest, pathway: Pathway) -> forms.Form | None:
        return None if self._form is None else self._form(request.POST, pathway)


def _move(found: Pathway, request: SignedInRequest, typed: dict[str, Any]) -> None:
    move_stage(pathway=found, by=request.user, **typed)


def _note(found: Pathway, request: SignedInRequest, typed: dict[str, Any]) -> None:
    note_contact(pathway=found, by=request.user, **typed)


def _hand(found: Pathway, request: SignedInRequest, typed: dict[str, Any]) -> None:
    hand_over(pathway=found, by=request.user, **typed)


def _ring(found: Pathway, request: SignedInRequest, typed: dict[str, Any]) -> None:
    change_contact_person(pathway=found, by=request.user, **typed)


def _pause(found: Pathway, request: SignedInRequest, typed: dict[str, Any]) -> None:
    pause_pathway(pathway=found, by=request.user, **typed)


def _resume(found: Pathway, request: SignedInRequest, _typed: dict[str, Any]) -> None:
    resume_pathway(pathway=found, by=request.user)


def _end(found: Pathway, request: SignedInRequest, typed: dict[str, Any]) -> None:
    end_pathway(pathway=found, by=request.user, **typed)


_FORMS: dict[str, Callable[[Any, Pathway], forms.Form]] = {
    "stage": lambda data, row: StageForm(data, pathway=row),
    "contact": lambda data, row: ContactForm(data),
    "hand-over": lambda data, row: HandOverForm(data, pathway=row),
    "ring": lambda data, row: RingForm(data, pathway=row),
    "pause": lambda data, row: PauseForm(data),
    "end": lambda data, row: EndForm(data),
}
WAYS: dict[str, _Way] = {
    "stage": _Way(_move, _("Where they are is written down."), _FORMS["stage"]),
    "contact": _Way(_note, _("It is written down that you spoke."), _FORMS["contact"]),
    "hand-over": _Way(_hand, _("They have another coordinator now."), _FORMS["hand-over"]),
    "ring": _Way(_ring, _("Whom they ring is written down."), _FORMS["ring"]),
    "pause": _Way(_pause, _("It rests. Nothing of it is called late."), _FORMS["pause"]),
    "resume": _Way(_resume, _("It goes on.")),
    "end": _Way(_end, _("It has ended."), _FORMS["end"]),
}


def _seen(request: SignedInRequest, found: Pathway) -> None:
    record(
        PATHWAY_VIEWED,
        by=request.user,
        subject=found.person_id,
        organisation=found.organisation_id,
        details={"pathway": found.id},
    )


def _page(
    request: SignedInRequest, found: Pathway, wrong: tuple[str, forms.Form | None] = ("", None)
) -> HttpResponse:
    today = timezone.localdate()
    shown = {
        do.replace("-", "_"): make(None, found) for do, make in _FORMS.items() if found.is_open
    }
    do, form = wrong
    if form is not None:
        shown[do.replace("-", "_")] = form
    moments = []
    if found.person is not None:
        rows = moments_of(request.user, found.person, all_ids_of(found.person.pk))[: SHOWN + 1]
        moments = [say(row, request.user) for row in rows]
    return render(
        request,
        "pathways/pathway.html",
        {
            "pathway": found,
            "forms": shown,
            "form": form,
            "open_form": do,
            "may_change": can(request.user, Permission.PATHWAY_COORDINATE) and found.is_open,
            "is_slow": found.is_open and found.stage_is_slow(today),
            "last_contact": found.contacts.exclude(way="tried").first(),
            "ends_by": found.ends_by(),
            "sections": sections_for(request.user, found),
            "moments": moments[:SHOWN],
            "has_more": len(moments) > SHOWN,
        },
        status=200 if form is None else 422,
    )
