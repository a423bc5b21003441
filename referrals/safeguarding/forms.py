"""What is typed about a concern: by whoever raises it, and by the safeguarding lead."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dcsn.forms import RadiosWithHints
from referrals.models import Concern
from referrals.models.concern import DECISION_AT_MOST, WHAT_AT_MOST
from referrals.safeguarding.raising import Source, Worry

WISHES_AT_MOST = 1000


class RaiseForm(forms.Form):
    """Short: whoever raises a concern need not be sure, and need not ask anything more."""

    at_risk = forms.ChoiceField(
        label=_("Who is at risk?"),
        choices=Concern.AtRisk.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who is at risk")},
    )
    who = forms.CharField(
        label=_("Who is it?"),
        help_text=_("The name, and where to find them, as far as you know it."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    what = forms.CharField(
        label=_("What did you see or hear?"),
        help_text=_(
            "In their words where you can. You need not be sure, and you need not ask anybody first."
        ),
        max_length=WHAT_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": _("Write down what you saw or heard"),
            "max_length": _("Please use 4,000 characters or fewer"),
        },
    )
    danger = forms.TypedChoiceField(
        label=_("Is anybody in danger now?"),
        choices=[("yes", _("Yes")), ("no", _("No, or not that I know"))],
        coerce=lambda value: value == "yes",
        widget=RadiosWithHints(hints={"yes": _("Ring 999 first. Then send this.")}),
        error_messages={"required": _("Say whether anybody is in danger now")},
    )
    knows = forms.ChoiceField(
        label=_("Does the person know that you are telling us?"),
        choices=Concern.Knows.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the person knows")},
    )
    wishes = forms.CharField(
        label=_("What do they want to happen?"),
        max_length=WISHES_AT_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, source: Source, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.source = source

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        elsewhere = data.get("at_risk") in (Concern.AtRisk.ADULT, Concern.AtRisk.CHILD)
        if not data.get("who", "").strip() and "who" not in self.errors:
            if elsewhere:
                self.add_error("who", _("Say who it is"))
            elif self.source.person is None:
                self.add_error("who", _("This enquiry has no name. Say who it is about"))
        return data

    @property
    def worry(self) -> Worry:
        return Worry(**{name: self.cleaned_data[name] for name in Worry.__dataclass_fields__})


class DecideForm(forms.Form):
    """What was found, what is to be done, and why."""

    to = forms.ChoiceField(
        label=_("What do you decide?"),
        widget=RadiosWithHints(
            hints={
                Concern.State.TRIAGED: _("You have read it and are finding out more."),
                Concern.State.PASSED_TO_COUNCIL: _(
                    "An adult with care and support needs may be at risk and cannot protect "
                    "themselves (Care Act 2014, section 42), or a child is at risk. Then print the "
                    "letter."
                ),
            }
        ),
        error_messages={"required": _("Choose what you decide")},
    )
    decision = forms.CharField(
        label=_("What did you find, and why do you decide so?"),
        help_text=_("Whom you spoke to, what the person wants, who does what by when."),
        max_length=DECISION_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": _("Write down what you found, and why you decide so"),
            "max_length": _("Please use 2,000 characters or fewer"),
        },
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    LABELS = {
        Concern.State.TRIAGED: _("I have looked at it"),
        Concern.State.PASSED_TO_COUNCIL: _("Pass it to the council"),
        Concern.State.MANAGED_AT_HUB: _("We deal with it ourselves"),
        Concern.State.NO_FURTHER_ACTION: _("Nothing more is to be done"),
    }

    def __init__(self, *args: Any, concern: Concern, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": concern.version, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        ways = list(Concern.WAYS[concern.state])
        if concern.state == Concern.State.RAISED:
            ways += Concern.WAYS[Concern.State.TRIAGED]
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
        field.choices = [(way, self.LABELS[Concern.State(way)]) for way in ways]
