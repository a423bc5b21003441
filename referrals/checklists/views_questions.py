"""The hub lead's pages: the list in use, and the draft that becomes the next one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import Permission, requires
from dcsn.access.requests import SignedInRequest
from referrals.checklists.forms import QuestionForm
from referrals.checklists.questions import (
    add_question,
    begin_draft,
    discard_draft,
    move_question,
    publish_draft,
    retire_question,
    reword_question,
)
from referrals.models import ChecklistQuestion, ChecklistVersion
from referrals.refusals import Refused


@requires(Permission.CHECKLIST_CHANGE)
@never_cache
@require_safe
def questions(request: SignedInRequest) -> HttpResponse:
    """What is in use, and what is being changed."""
    current, draft = ChecklistVersion.objects.current(), ChecklistVersion.objects.draft()
    shown = draft or current
    return render(
        request,
        "referrals/checklists/questions.html",
        {
            "current": current,
            "draft": draft,
            "questions": shown.questions.prefetch_related("topics") if shown else [],
            "earlier": ChecklistVersion.objects.published()[:10],
        },
    )


@requires(Permission.CHECKLIST_CHANGE)
@never_cache
@require_http_methods(["POST"])
def change(request: SignedInRequest) -> HttpResponse:
    """Begin, move, take out, put into use, throw away: one button each."""
    do, _colon, which = request.POST.get("do", "").partition(":")
    try:
        if do == "begin":
            begin_draft(by=request.user)
        elif do in ("up", "down"):
            move_question(
                question_id=_uuid(which), revision=_revision(request), up=do == "up",
                by=request.user,
            )  # fmt: skip
        elif do == "retire":
            retire_question(question_id=_uuid(which), revision=_revision(request), by=request.user)
        elif do == "publish":
            version = publish_draft(revision=_revision(request), by=request.user)
            messages.success(
                request,
                _("Edition %(number)d is in use. Print new paper copies.")
                % {"number": version.number},
            )
        elif do == "discard":
            discard_draft(revision=_revision(request), by=request.user)
            messages.success(request, _("The draft is thrown away."))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("referrals:questions")


@requires(Permission.CHECKLIST_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: SignedInRequest) -> HttpResponse:
    """A new question, at the end."""
    draft = ChecklistVersion.objects.draft()
    if draft is None:
        return redirect("referrals:questions")
    form = QuestionForm(request.POST or None, initial={"revision": draft.revision})
    if request.method == "POST" and form.is_valid():
        try:
            add_question(
                revision=form.cleaned_data["revision"], wording=form.wording, by=request.user
            )
        except Refused as refusal:
            form = _again(request, refusal)
        else:
            return redirect("referrals:questions")
    return render(request, "referrals/checklists/question.html", {"form": form})


@requires(Permission.CHECKLIST_CHANGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reword(request: SignedInRequest, question_id: UUID) -> HttpResponse:
    """Other words or topics for a question of the draft."""
    question = ChecklistQuestion.objects.select_related("version").filter(pk=question_id).first()
    if question is None:
        raise Http404
    if not question.version.is_draft:
        messages.warning(request, _("This edition is in use and does not change any more."))
        return redirect("referrals:questions")
    form = QuestionForm(
        request.POST or None,
        initial={
            "words": question.words,
            "hint": question.hint,
            "search_words": question.search_words,
            "topics": [term.pk for term in question.topics.all()],
            "revision": question.version.revision,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            reword_question(
                question_id=question.pk,
                revision=form.cleaned_data["revision"],
                wording=form.wording,
                by=request.user,
            )
        except Refused as refusal:
            form = _again(request, refusal)
        else:
            return redirect("referrals:questions")
    return render(
        request,
        "referrals/checklists/question.html",
        {"form": form, "question": question, "now": question},
    )


def _again(request: SignedInRequest, refusal: Refused) -> QuestionForm:
    """What was typed, to be saved over the draft as it is now."""
    draft = ChecklistVersion.objects.draft()
    data = request.POST.copy()
    data["revision"] = str(draft.revision if draft else 0)
    form = QuestionForm(data)
    form.is_valid()
    form.add_error(None, str(refusal))
    return form


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def _revision(request: SignedInRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
