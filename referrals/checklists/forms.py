"""What is typed of a visit, on the screen and in the same order on paper; and what a hub lead changes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from dcsn.forms import CheckboxesWithHints, DateField
from directory.models import TaxonomyTerm
from referrals.checklists.questions import Wording
from referrals.checklists.visits import Answer, Visit
from referrals.models import Checklist, ChecklistQuestion, ChecklistVersion
from referrals.models.enquiry import WORDS_AT_MOST

# Entered later than this, nobody remembers what was meant.
OLDEST_VISIT_DAYS = 366


def recent(day: date) -> None:
    today = timezone.localdate()
    if day > today:
        raise ValidationError(_("The day of the visit must be today or in the past"))
    if (today - day).days > OLDEST_VISIT_DAYS:
        raise ValidationError(_("The day of the visit must be within the last year"))


class VisitForm(forms.Form):
    """The visit, then the questions one below the other, then room for anything else.

    The paper twin is printed from this form, so that its boxes have the same words and order.
    """

    visitor_name = forms.CharField(
        label=_("Who made the visit?"),
        max_length=100,
        error_messages={"required": _("Enter who made the visit")},
    )
    visitor_organisation = forms.CharField(
        label=_("From which organisation?"),
        max_length=150,
        error_messages={"required": _("Enter the visitor's organisation")},
    )
    visited_on = DateField(label=_("When was the visit?"), validators=[recent])
    place = forms.ChoiceField(
        label=_("Where was it?"),
        choices=[(value, str(label).capitalize()) for value, label in Checklist.Place.choices],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where it was")},
    )
    on_paper = forms.BooleanField(
        label=_("It was filled in on paper, and I am typing it in"), required=False
    )
    words = forms.CharField(
        label=_("Anything else, in their own words"),
        required=False,
        max_length=WORDS_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": _("Please use 1,000 characters or fewer")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, version: ChecklistVersion, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "key": uuid.uuid4(),
            "visited_on": timezone.localdate(),
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)
        self.questions = list(version.questions.order_by("position"))
        for number, question in enumerate(self.questions, start=1):
            self.fields[self.name_of(question)] = forms.ChoiceField(
                label=f"{number}. {question.words}",
                # A hub lead wrote it, and a form's help text is not escaped again.
                help_text=escape(question.hint),
                choices=Answer.choices,
                initial=Answer.NOT_ASKED,
                widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}),
                error_messages={"required": _("Choose yes, no or not asked")},
            )
        self.order_fields(
            [
                "visitor_name", "visitor_organisation", "visited_on", "place", "on_paper",
                *(self.name_of(question) for question in self.questions), "words",
            ]
        )  # fmt: skip

    @staticmethod
    def name_of(question: ChecklistQuestion) -> str:
        return f"question-{question.pk}"

    @classmethod
    def of(cls, checklist: Checklist, data: Any = None) -> VisitForm:
        """The form with what was entered of a visit."""
        facts = {
            name: getattr(checklist, name)
            for name in (
                "visitor_name", "visitor_organisation", "visited_on", "place", "on_paper",
                "revision",
            )
        }  # fmt: skip
        answers = {f"question-{row.question_id}": row.answer for row in checklist.answers.all()}
        return cls(
            data,
            version=checklist.version,
            initial={
                **facts,
                **answers,
                "words": checklist.enquiry.words,
                "key": checklist.enquiry.key,
            },
        )

    def question_fields(self) -> Iterator[forms.BoundField]:
        for question in self.questions:
            yield self[self.name_of(question)]

    @property
    def visit(self) -> Visit:
        return Visit(**{name: self.cleaned_data[name] for name in Visit.__dataclass_fields__})

    @property
    def answers(self) -> dict[UUID, str]:
        return {
            question.pk: self.cleaned_data[self.name_of(question)] for question in self.questions
        }


class ChooseForm(forms.Form):
    """Which of the proposed services are wanted."""

    services = forms.TypedMultipleChoiceField(coerce=UUID, required=False)

    def __init__(self, *args: Any, proposed: list[UUID], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["services"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101  (for the type checker)
        field.choices = [(str(key), "") for key in proposed]


class QuestionForm(forms.Form):
    """One question of the draft."""

    words = forms.CharField(
        label=_("Question"),
        help_text=_("To be answered with yes or no. Short: it is read out."),
        max_length=200,
        error_messages={"required": _("Enter the question")},
    )
    hint = forms.CharField(
        label=_("What a yes could lead to"),
        help_text=_("Shown below the question, on the screen and on paper."),
        max_length=200,
        required=False,
    )
    topics = forms.ModelMultipleChoiceField(
        label=_("Topics that a yes proposes"),
        queryset=TaxonomyTerm.objects.none(),
        required=False,
        widget=CheckboxesWithHints,
    )
    search_words = forms.CharField(
        label=_("Words to search these topics with"),
        help_text=_("Only where a topic alone proposes too much."),
        max_length=100,
        required=False,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["topics"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101  (for the type checker)
        field.queryset = TaxonomyTerm.objects.filter(is_topic=True).order_by("sort_key")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("topics") and not data.get("search_words", "").strip():
            self.add_error("topics", _("Tick a topic, or enter words to search with"))
        return data

    @property
    def wording(self) -> Wording:
        data = self.cleaned_data
        return Wording(
            words=data["words"].strip(),
            hint=data["hint"].strip(),
            search_words=data["search_words"].strip(),
            topics=tuple(data["topics"]),
        )
