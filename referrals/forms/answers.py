"""What a receiver types: one answer at a time, or the whole slip as it came over the phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, RadiosWithHints
from referrals.actions.answering import Answered
from referrals.forms.receiving import ROOM
from referrals.replies.answers import NEEDS_DAY, NEEDS_REASON, REASONS, Answer
from referrals.states import Reason, Via

REASON_TEXT_AT_MOST = 500
NAME_AT_MOST = 100
FURTHEST = timedelta(days=730)
# A day that was said on the phone may already be past when it is written down.
EARLIEST_RELAYED = timedelta(days=60)

_DAY_LABELS = {
    Answer.ACCEPT: _("By which day do you plan to get in touch with them?"),
    Answer.WAIT: _("About when do you expect a place?"),
}
_DAY_MISSING = {
    Answer.ACCEPT: _("Enter the day by which you plan to get in touch"),
    Answer.WAIT: _("Enter about when you expect a place"),
}


class _Said(forms.Form):
    """What every answer has in common."""

    def reason_fields(self, reasons: list[tuple[str, Any]]) -> None:
        self.fields["reason_code"] = forms.ChoiceField(
            label=_("Why?"),
            choices=reasons,
            widget=RadiosWithHints,
            error_messages={"required": _("Choose a reason")},
        )
        self.fields["reason_text"] = forms.CharField(
            label=_("Anything to add"),
            required=False,
            max_length=REASON_TEXT_AT_MOST,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("In a few words. Please write nothing about the person's health."),
            error_messages={"max_length": _("Use %(limit_value)d characters or fewer")},
        )

    def check_day(self, *, earliest: Any) -> None:
        day = self.cleaned_data.get("day")
        if day is None:
            return
        today = timezone.localdate()
        if day < earliest:
            self.add_error("day", _("Enter today or a day that is still to come"))
        elif day > today + FURTHEST:
            self.add_error("day", _("Enter a day within the next two years"))

    def check_reason(self) -> None:
        if (
            self.cleaned_data.get("reason_code") == Reason.OTHER
            and not (self.cleaned_data.get("reason_text") or "").strip()
        ):
            self.add_error("reason_text", _("Say in a few words what the reason is"))


class AnswerForm(_Said):
    """One answer, by whoever opened the link or is signed in.

    :param named: whether they are asked for their name (not when they are signed in).
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000)

    def __init__(self, *args: Any, answer: Answer, named: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer = answer
        if answer in NEEDS_DAY:
            self.fields["day"] = DateField(
                label=_DAY_LABELS[answer],
                help_text=_("For example, 27 3 2027. A rough day is better than none."),
                error_messages={"required": _DAY_MISSING[answer]},
            )
        if answer in NEEDS_REASON:
            self.reason_fields([(one.value, one.label) for one in REASONS[answer]])
        if answer in (Answer.ACCEPT, Answer.WAIT, Answer.REJECT):
            self.fields["room"] = forms.ChoiceField(
                label=_("How is it with your service at the moment?"),
                required=False,
                choices=[("", _("I would rather not say")), *ROOM],
                widget=RadiosWithHints,
                help_text=_("Shown to those who think of asking you next."),
            )
        if named:
            self.fields["by_name"] = forms.CharField(
                label=_("Your name"),
                max_length=NAME_AT_MOST,
                widget=forms.TextInput(attrs={"autocomplete": "name"}),
                error_messages={"required": _("Enter your name")},
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.check_day(earliest=timezone.localdate())
        self.check_reason()
        return data

    @property
    def said(self) -> Answered:
        data = self.cleaned_data
        return Answered(
            answer=self.answer,
            by_name=data.get("by_name", ""),
            reason_code=data.get("reason_code", ""),
            reason_text=data.get("reason_text", ""),
            day=data.get("day"),
        )

    @property
    def room(self) -> str:
        return str(self.cleaned_data.get("room") or "")


class RelayForm(_Said):
    """The whole slip: its boxes are in this order (``templates/print/referral_slips.html``)."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000)
    via = forms.ChoiceField(
        label=_("How did it reach you?"),
        choices=[(Via.PHONE, _("They rang, or we rang them")), (Via.SLIP, _("The slip came back"))],
        widget=RadiosWithHints,
        initial=Via.PHONE,
    )
    by_name = forms.CharField(
        label=_("Who said so?"),
        max_length=NAME_AT_MOST,
        help_text=_("The name of whoever rang or signed the slip."),
        error_messages={"required": _("Enter the name of whoever said so")},
    )

    def __init__(self, *args: Any, answers: list[Answer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"] = forms.ChoiceField(
            label=_("What do they say?"),
            choices=[(one.value, one.label) for one in answers],
            widget=RadiosWithHints,
            error_messages={"required": _("Choose what they say")},
        )
        self.fields["day"] = DateField(
            label=_("By which day?"),
            required=False,
            help_text=_(
                "When they will take it: the day by which they plan to get in touch. On a waiting list: "
                "about when they expect a place."
            ),
        )
        listed = {one: None for answer in answers for one in REASONS.get(answer, ())}
        ordered = [one for one in listed if one != Reason.OTHER] + [Reason.OTHER]
        self.reason_fields([(one.value, one.label) for one in ordered])
        self.fields["reason_code"].required = False
        self.fields["reason_code"].help_text = _(
            "When they cannot take it, have a waiting list, or it could not be done."
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        answer = data.get("answer")
        if not answer:
            return data
        if answer in NEEDS_DAY and not data.get("day") and "day" not in self.errors:
            self.add_error("day", _DAY_MISSING[Answer(answer)])
        if answer in NEEDS_REASON:
            reason = data.get("reason_code")
            if not reason:
                if "reason_code" not in self.errors:
                    self.add_error("reason_code", _("Choose a reason"))
            elif reason not in REASONS[answer]:
                self.add_error("reason_code", _("This reason does not fit what they say"))
        else:
            data["reason_code"] = ""
        if answer not in NEEDS_DAY:
            data["day"] = None
        self.cleaned_data = data
        self.check_day(earliest=timezone.localdate() - EARLIEST_RELAYED)
        self.check_reason()
        return data

    @property
    def said(self) -> Answered:
        data = self.cleaned_data
        return Answered(
            answer=data["answer"],
            by_name=data["by_name"],
            reason_code=data.get("reason_code", ""),
            reason_text=data.get("reason_text", ""),
            day=data.get("day"),
        )


class CodeForm(forms.Form):
    """The one-time code."""

    code = forms.CharField(
        label=_("The code"),
        max_length=20,
        help_text=_("6 figures."),
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "class": "govuk-input--width-5",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": _("Enter the code")},
    )


class ReferenceForm(forms.Form):
    """For somebody who lost the link."""

    reference = forms.CharField(
        label=_("The reference"),
        max_length=20,
        help_text=_("It begins with R, for example R-KM3F-A7XT."),
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-10", "spellcheck": "false", "autocomplete": "off"}
        ),
        error_messages={"required": _("Enter the reference")},
    )
