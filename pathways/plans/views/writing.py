"""Writing in a plan: each part by itself, so that several can write at once and nobody's words are lost."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from dcsn.access.requests import SignedInRequest
from directory.pictures import NotAPicture
from pathways.actions.plan_parts import (
    decide_about_risk,
    put_picture,
    set_recording,
    take_out_of_circle,
    take_picture_away,
)
from pathways.actions.plans import SHARED_IN, write_row, write_words
from pathways.models import Action, CircleMember, Part, PlanVersion, Risk, Shared
from pathways.plans.forms import (
    ROW_FORMS,
    DecisionForm,
    EndActionForm,
    PictureForm,
    RecordingForm,
    RowForm,
    WordsForm,
)
from pathways.plans.sight import Sight
from pathways.plans.ways import address
from pathways.refusals import ChangedMeanwhile, Refused, WordsClash

# Where on the plan's page somebody comes back to, and in which shared part it stands.
ANCHORS: dict[str, tuple[str, Shared]] = {
    "goals": ("goals", Shared.GOALS),
    "actions": ("goals", Shared.GOALS),
    "circle": ("circle", Shared.CIRCLE),
    "risks": ("risks", Shared.RISKS),
}


def _may_write(sight: Sight, shared: str) -> None:
    """What is not shared does not exist for them; what may only be read is refused."""
    if shared not in sight.sees:
        raise Http404
    if shared not in sight.writes:
        raise PermissionDenied


def _back(sight: Sight, anchor: str) -> HttpResponse:
    return redirect(f"{address(sight)}#{anchor}")


def _words_at(sight: Sight, part: str, version: int) -> str:
    """What stood there on the page that was filled in."""
    row = (
        PlanVersion.objects.filter(plan=sight.plan, number__lte=version).order_by("-number").first()
    )
    return str(row.contents.get("parts", {}).get(part, "")) if row else ""


def write_part(request: SignedInRequest, sight: Sight, part: str) -> HttpResponse:
    """The words of one part. Two who changed the same lines: all texts are shown, and nothing is lost."""
    if part not in Part.values:
        raise Http404
    _may_write(sight, SHARED_IN[part])
    row = sight.plan.parts.filter(part=part).first()
    clash = None
    if request.method == "POST":
        form = WordsForm(request.POST)
        if form.is_valid():
            base = _words_at(sight, part, form.cleaned_data["seen"])
            words = form.cleaned_data["words"]
            try:
                write_words(plan=sight.plan, part=part, words=words, base=base, by=request.user)
            except WordsClash as refusal:
                clash = refusal.clash
                sight.plan.refresh_from_db()
                # From here both are in the box, over what stands there now.
                form = WordsForm(
                    {"words": clash.both, "seen": sight.plan.version},
                )
                form.is_valid()
                form.errors.pop("words", None)
                form.add_error("words", str(refusal))
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("It is written in the plan."))
                return _back(sight, part)
    else:
        form = WordsForm(initial={"words": row.words if row else "", "seen": sight.plan.version})
    return render(
        request,
        "pathways/plans/part.html",
        {
            "sight": sight,
            "part": Part(part),
            "form": form,
            "clash": clash,
            "row": row,
        },
        status=409 if clash else 200,
    )


def change_picture(request: SignedInRequest, sight: Sight, part: str) -> HttpResponse:
    """Put a picture beside a part, or another in its place."""
    if part not in Part.values:
        raise Http404
    _may_write(sight, SHARED_IN[part])
    form = PictureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            put_picture(
                plan=sight.plan,
                part=part,
                upload=form.cleaned_data["picture"],
                shows=form.cleaned_data["shows"],
                by=request.user,
            )
        except NotAPicture as refusal:
            form.add_error("picture", str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The picture is in the plan."))
            return _back(sight, part)
    return render(
        request,
        "pathways/plans/picture.html",
        {
            "sight": sight,
            "part": Part(part),
            "form": form,
            "row": sight.plan.parts.filter(part=part).exclude(picture="").first(),
        },
    )


def remove_picture(request: SignedInRequest, sight: Sight, part: str) -> HttpResponse:
    if part not in Part.values:
        raise Http404
    _may_write(sight, SHARED_IN[part])
    try:
        take_picture_away(plan=sight.plan, part=part, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The picture is gone."))
    return _back(sight, part)


def change_recording(request: SignedInRequest, sight: Sight) -> HttpResponse:
    """Where the person can be heard saying it themselves."""
    _may_write(sight, Shared.ABOUT_ME)
    form = RecordingForm(request.POST or None, initial={"address": sight.plan.recording})
    if request.method == "POST" and form.is_valid():
        try:
            set_recording(plan=sight.plan, address=form.cleaned_data["address"], by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _back(sight, "recording")
    return render(request, "pathways/plans/recording.html", {"sight": sight, "form": form})


def add_row(request: SignedInRequest, sight: Sight, kind: str) -> HttpResponse:
    form_class = _form_for(sight, kind)
    row = form_class.model()
    # "Add an action" beside a goal: that goal is chosen already.
    initial = {"goal_id": request.GET["goal"]} if "goal" in request.GET else {}
    form = form_class(
        request.POST if request.method == "POST" else None,
        plan=sight.plan,
        row=row,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        return _save_row(request, sight, kind, form)
    return _row_page(request, sight, kind, form)


def change_row(request: SignedInRequest, sight: Sight, kind: str, row_id: UUID) -> HttpResponse:
    form_class = _form_for(sight, kind)
    row = get_object_or_404(form_class.model, plan=sight.plan, pk=row_id)
    form = form_class(request.POST if request.method == "POST" else None, plan=sight.plan, row=row)
    if request.method == "POST" and form.is_valid():
        return _save_row(request, sight, kind, form)
    return _row_page(request, sight, kind, form)


def _form_for(sight: Sight, kind: str) -> type[RowForm]:
    if kind not in ROW_FORMS:
        raise Http404
    _may_write(sight, ANCHORS[kind][1])
    return ROW_FORMS[kind]


def _save_row(request: SignedInRequest, sight: Sight, kind: str, form: RowForm) -> HttpResponse:
    typed = form.cleaned_data
    try:
        write_row(
            plan=sight.plan,
            row=form.row,
            facts=_changed_facts(sight, kind, form),
            by=request.user,
            version=typed["seen"],
        )
    except ChangedMeanwhile as refusal:
        form.row = type(form.row).objects.get(pk=form.row.pk)
        meanwhile = form.now_stored()
        sight.plan.refresh_from_db()
        # Saved once more it is done in the knowledge of what stands there now.
        form.data = {**form.data.dict(), "seen": str(sight.plan.version)}  # type: ignore[attr-defined]
        form.add_error(None, str(refusal))
        return _row_page(request, sight, kind, form, meanwhile=meanwhile, status=409)
    except ValidationError as error:
        form.add_error(None, error.messages)  # type: ignore[arg-type]
    except Refused as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, _("It is written in the plan."))
        return _back(sight, ANCHORS[kind][0])
    return _row_page(request, sight, kind, form)


def _changed_facts(sight: Sight, kind: str, form: RowForm) -> dict[str, Any]:
    """Only what was changed on this page: what another changed meanwhile is not put back."""
    if form.row._state.adding:
        return form.facts
    version = (
        PlanVersion.objects.filter(plan=sight.plan, number__lte=form.cleaned_data["seen"])
        .order_by("-number")
        .first()
    )
    before = (version.contents if version else {}).get(kind, {}).get(str(form.row.pk))
    if before is None:
        return form.facts
    return {
        name: value
        for name, value in form.facts.items()
        if name not in before or str(value or "") != str(before[name] or "")
    }


def _row_page(
    request: SignedInRequest,
    sight: Sight,
    kind: str,
    form: RowForm,
    *,
    meanwhile: Any = None,
    status: int = 200,
) -> HttpResponse:
    return render(
        request,
        "pathways/plans/row.html",
        {
            "sight": sight,
            "anchor": ANCHORS[kind][0],
            "form": form,
            "row": form.row,
            "meanwhile": meanwhile,
            "title": _title(kind, form.row._state.adding),
        },
        status=status,
    )


def _title(kind: str, is_new: bool) -> str:
    new, old = {
        "goals": (_("Add a goal"), _("Change a goal")),
        "actions": (_("Add who does what"), _("Change who does what")),
        "circle": (_("Add somebody to the circle"), _("Change somebody in the circle")),
        "risks": (_("Add a risk"), _("Change a risk")),
    }[kind]
    return new if is_new else old


def end_action(request: SignedInRequest, sight: Sight, row_id: UUID) -> HttpResponse:
    """Done, stopped, or going on after all."""
    _may_write(sight, Shared.GOALS)
    action = get_object_or_404(Action, plan=sight.plan, pk=row_id)
    form = EndActionForm(
        request.POST if request.method == "POST" else None, initial={"seen": sight.plan.version}
    )
    if request.method == "POST" and form.is_valid():
        try:
            write_row(
                plan=sight.plan,
                row=action,
                facts=form.facts,
                by=request.user,
                version=form.cleaned_data["seen"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _back(sight, "goals")
    return render(
        request, "pathways/plans/end_action.html", {"sight": sight, "action": action, "form": form}
    )


def leave_circle(request: SignedInRequest, sight: Sight, row_id: UUID) -> HttpResponse:
    """Ask once, then take somebody out of the circle; earlier versions still have them."""
    _may_write(sight, Shared.CIRCLE)
    member = CircleMember.objects.filter(plan=sight.plan, pk=row_id).first()
    if request.method == "POST":
        try:
            if member is not None:
                take_out_of_circle(plan=sight.plan, member=member, by=request.user)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        return _back(sight, "circle")
    if member is None:
        raise Http404
    return render(request, "pathways/plans/leave_circle.html", {"sight": sight, "member": member})


def decide(request: SignedInRequest, sight: Sight, row_id: UUID) -> HttpResponse:
    """One more line in the log of a risk."""
    _may_write(sight, Shared.RISKS)
    risk = get_object_or_404(
        Risk.objects.select_related("plan__pathway").prefetch_related("decisions"),
        plan=sight.plan,
        pk=row_id,
    )
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            decide_about_risk(risk=risk, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The decision is written down."))
            return _back(sight, "risks")
    return render(
        request, "pathways/plans/decide.html", {"sight": sight, "risk": risk, "form": form}
    )
