"""The one question, as the person is asked it on a page, over the telephone and on paper.

The letter's reply form is printed from the same fields, so that its boxes stand in the order of the screen.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, RadiosWithHints
from referrals.models import Attempt, FollowUp
from referrals.states import ANSWERS, Loop

ANSWER_CHOICES = [(said.value, said.label) for said in ANSWERS]
HELPFUL_CHOICES = [
    ("5", _("5, very helpful")),
    ("4", _("4")),
    ("3", _("3")),
    ("2", _("2")),
    ("1", _("1, no help at all")),
]
WORDS_AT_MOST = 1000


class AnswerForm(forms.Form):
    """What the person says."""

    answer = forms.ChoiceField(
        label=_("Did you get the help?"),
        choices=ANSWER_CHOICES,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose the answer that fits best")},
    )
    helpfulness = forms.TypedChoiceField(
        label=_("How helpful was it?"),
        choices=HELPFUL_CHOICES,
        coerce=int,
        empty_value=None,
        required=False,
        widget=RadiosWithHints,
    )
    words = forms.CharField(
        label=_("Is there anything else you want to tell us?"),
        required=False,
        max_length=WORDS_AT_MOST,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"max_length": _("Please use 1,000 characters or fewer")},
    )
    answered_by = forms.ChoiceField(
        label=_("Who is answering?"),
        choices=[
            (FollowUp.AnsweredBy.PERSON.value, _("The person who was to be helped")),
            (FollowUp.AnsweredBy.CARER.value, _("Somebody who cares for them")),
        ],
        widget=RadiosWithHints,
        initial=FollowUp.AnsweredBy.PERSON.value,
        error_messages={"required": _("Say who is answering")},
    )

    @property
    def said(self) -> dict[str, Any]:
        """For ``record_answer``."""
        return dict(self.cleaned_data)


class StaffAnswerForm(AnswerForm):
    """The same, written down by staff: over the telephone, at the desk, from a letter that came back."""

    via = forms.ChoiceField(
        label=_("How did they answer?"),
        choices=[(way.value, way.label) for way in Attempt.Way],
        widget=RadiosWithHints,
        initial=Attempt.Way.PHONE.value,
    )

    field_order = ("answer", "helpfulness", "words", "answered_by", "via")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who: Any = self.fields["answered_by"]
        who.choices = [
            (FollowUp.AnsweredBy.PERSON.value, _("The person")),
            (FollowUp.AnsweredBy.CARER.value, _("Somebody who cares for them")),
            (FollowUp.AnsweredBy.PROVIDER.value, _("The organisation (the person is still asked)")),
        ]


class AttemptForm(forms.Form):
    """A try to ask that was not answered."""

    way = forms.ChoiceField(
        label=_("How did you try?"),
        choices=[(way.value, way.label) for way in (Attempt.Way.PHONE, Attempt.Way.IN_PERSON)],
        widget=RadiosWithHints,
        initial=Attempt.Way.PHONE.value,
    )
    result = forms.ChoiceField(
        label=_("What happened?"),
        choices=[
            (one.value, one.label)
            for one in (
                Attempt.Result.NO_ANSWER,
                Attempt.Result.LEFT_MESSAGE,
                Attempt.Result.WRONG_DETAILS,
                Attempt.Result.LATER,
                Attempt.Result.REFUSED,
            )
        ],
        widget=RadiosWithHints(
            hints={
                Attempt.Result.LEFT_MESSAGE.value: _(
                    "Say only who you are and the help line's number, never what it is about."
                ),
                Attempt.Result.REFUSED.value: _(
                    "Nobody asks them again, about this or anything else, until they change their mind."
                ),
            }
        ),
        error_messages={"required": _("Choose what happened")},
    )
    again_on = DateField(label=_("Try again on"), required=False)


class SignpostAnswerForm(forms.Form):
    """What somebody says who was told about a service and agreed to be asked."""

    answer = forms.ChoiceField(
        label=_("Did they get the help?"),
        choices=[
            *ANSWER_CHOICES,
            (Loop.COULD_NOT_REACH.value, _("They could not be reached")),
            (Loop.ASKED_NOT_TO_BE_CONTACTED.value, _("They asked not to be contacted")),
        ],
        widget=RadiosWithHints,
        error_messages={"required": _("Choose what they said")},
    )


class SettleForm(forms.Form):
    """What was done about help that did not come."""

    note = forms.CharField(
        label=_("What was done about it?"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={
            "required": _("Say in a few words what was done"),
            "max_length": _("Please use 500 characters or fewer"),
        },
    )


class NumberForm(forms.Form):
    """The four figures that were told to the person."""

    number = forms.CharField(
        label=_("The number that we told you"),
        help_text=_("Four figures. It is not in the letter or the e-mail."),
        max_length=10,
        widget=forms.TextInput(
            {
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "class": "govuk-input--width-4 code-to-type",
            }
        ),
        error_messages={"required": _("Enter the number")},
    )


class CodeForm(forms.Form):
    """The code of a letter."""

    code = forms.CharField(
        label=_("The code in your letter"),
        help_text=_("Twelve letters and figures, such as KM3F-A7XT-9CDE.."),
        max_length=40,
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20"}
        ),
        error_messages={"required": _("Enter the code")},
    )
