"""Changing the list of questions: a draft, which two may write in, becomes the next edition."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from dcsn.access import Permission, can
from dcsn.accounts.models import User
from dcsn.audit import record
from directory.models import TaxonomyTerm
from referrals.events import QUESTIONS_CHANGED, QUESTIONS_PUBLISHED
from referrals.models import ChecklistQuestion, ChecklistVersion
from referrals.models.checklist import QUESTIONS_AT_MOST
from referrals.refusals import ChangedMeanwhile, NotPossible, Refused


@dataclass(frozen=True)
class Wording:
    """One question as the form gives it."""

    words: str
    hint: str = ""
    search_words: str = ""
    topics: tuple[TaxonomyTerm, ...] = ()


@transaction.atomic
def begin_draft(*, by: User) -> ChecklistVersion:
    """A copy of the list in use, to be changed; the one that is being changed already, if there is one."""
    _check(by)
    found = ChecklistVersion.objects.draft()
    if found is not None:
        return found
    number = (ChecklistVersion.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            draft = ChecklistVersion.objects.create(number=number)
    except IntegrityError:
        # Somebody else began a moment ago.
        return ChecklistVersion.objects.get(state=ChecklistVersion.State.DRAFT)
    current = ChecklistVersion.objects.current()
    if current is not None:
        for question in current.questions.prefetch_related("topics"):
            copy = ChecklistQuestion.objects.create(
                version=draft,
                position=question.position,
                code=question.code,
                words=question.words,
                hint=question.hint,
                search_words=question.search_words,
            )
            copy.topics.set(question.topics.all())
    _note(draft, by, "begun")
    return draft


@transaction.atomic
def add_question(*, revision: int, wording: Wording, by: User) -> ChecklistQuestion:
    """At the end of the draft."""
    draft = _locked_draft(by, revision)
    count = draft.questions.count()
    if count >= QUESTIONS_AT_MOST:
        raise Refused(
            _(
                "The list is full: %(most)d questions are as many as a visit bears. Take one out first."
            )
            % {"most": QUESTIONS_AT_MOST}
        )
    last = draft.questions.aggregate(last=Max("position"))["last"] or 0
    question = ChecklistQuestion.objects.create(
        version=draft,
        position=last + 1,
        code=_code(draft, wording.words),
        words=wording.words,
        hint=wording.hint,
        search_words=wording.search_words,
    )
    question.topics.set(wording.topics)
    _changed(draft, by, "added")
    return question


@transaction.atomic
def reword_question(
    *, question_id: uuid.UUID, revision: int, wording: Wording, by: User
) -> ChecklistQuestion:
    draft = _locked_draft(by, revision)
    question = _question(draft, question_id)
    question.words = wording.words
    question.hint = wording.hint
    question.search_words = wording.search_words
    question.save()
    question.topics.set(wording.topics)
    _changed(draft, by, "reworded")
    return question


@transaction.atomic
def move_question(*, question_id: uuid.UUID, revision: int, up: bool, by: User) -> None:
    """One place up or down; at the end nothing changes."""
    draft = _locked_draft(by, revision)
    question = _question(draft, question_id)
    rows = list(draft.questions.order_by("position"))
    here = next(place for place, row in enumerate(rows) if row.pk == question.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return
    rows[here], rows[there] = rows[there], rows[here]
    _number(rows)
    _changed(draft, by, "moved")


@transaction.atomic
def retire_question(*, question_id: uuid.UUID, revision: int, by: User) -> None:
    """Out of the draft; earlier editions, and what was answered in them, keep it."""
    draft = _locked_draft(by, revision)
    question = _question(draft, question_id)
    question.delete()
    _number(list(draft.questions.order_by("position")))
    _changed(draft, by, "retired")


@transaction.atomic
def publish_draft(*, revision: int, by: User) -> ChecklistVersion:
    """From now on visits use it. It does not change any more."""
    draft = _locked_draft(by, revision)
    if not draft.questions.exists():
        raise Refused(_("A list without a question cannot be used."))
    draft.state = ChecklistVersion.State.PUBLISHED
    draft.published_at = timezone.now()
    draft.published_by = by
    draft.save()
    record(
        QUESTIONS_PUBLISHED,
        by=by,
        subject=draft.id,
        details={"version": draft.id, "number": draft.number},
    )
    return draft


@transaction.atomic
def discard_draft(*, revision: int, by: User) -> None:
    """Throw the draft away; the list in use stays as it is."""
    draft = _locked_draft(by, revision)
    _note(draft, by, "discarded")
    draft.delete()


def _check(by: User) -> None:
    from django.core.exceptions import PermissionDenied

    if not can(by, Permission.CHECKLIST_CHANGE):
        raise PermissionDenied


def _locked_draft(by: User, revision: int) -> ChecklistVersion:
    """The draft as it is now, held until the transaction ends.

    :raises ChangedMeanwhile: somebody else changed it since the page was opened.
    """
    _check(by)
    draft = (
        ChecklistVersion.objects.select_for_update()
        .filter(state=ChecklistVersion.State.DRAFT)
        .first()
    )
    if draft is None:
        raise NotPossible(
            _("Nobody is changing the list any more: it was put into use, or thrown away.")
        )
    if draft.revision != revision:
        raise ChangedMeanwhile(
            _("Somebody else has changed the list since you opened it. Look at it again.")
        )
    return draft


def _question(draft: ChecklistVersion, question_id: uuid.UUID) -> ChecklistQuestion:
    found = draft.questions.filter(pk=question_id).first()
    if found is None:
        raise NotPossible(_("This question is no longer in the list."))
    return found


def _number(rows: Iterable[ChecklistQuestion]) -> None:
    """1, 2, 3, …; the constraint looks only at the end of the transaction."""
    for position, row in enumerate(rows, start=1):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])


def _code(draft: ChecklistVersion, words: str) -> str:
    """A name for the question that no other ever had."""
    base = slugify(words)[:40].strip("-") or "question"
    taken = set(ChecklistQuestion.objects.values_list("code", flat=True))
    code, number = base, 2
    while code in taken:
        code, number = f"{base}-{number}", number + 1
    return code


def _changed(draft: ChecklistVersion, by: User, what: str) -> None:
    draft.revision += 1
    draft.save(update_fields=["revision"])
    _note(draft, by, what)


def _note(draft: ChecklistVersion, by: User, what: str) -> None:
    record(
        QUESTIONS_CHANGED,
        by=by,
        subject=draft.id,
        details={"version": draft.id, "what": what},
    )
