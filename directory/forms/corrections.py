"""Forms about mistakes: to report one, to look an answer up, to answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dcsn.forms import RadiosWithHints
from directory.codes import read_code
from directory.models import Correction, SharedList


class CorrectionForm(forms.Form):
    """A reader says what is wrong. No name or address is asked for."""

    about = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=[
            choice for choice in Correction.About.choices if choice[0] != Correction.About.MISSING
        ],
        widget=RadiosWithHints,
        error_messages={"required": _("Choose what is wrong")},
    )
    text = forms.CharField(
        label=_("What should it say?"),
        help_text=_("Please leave out names and private matters."),
        widget=forms.Textarea({"rows": 4}),
        max_length=2000,
        required=False,
        error_messages={"max_length": _("Use 2,000 letters or fewer")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("about") == Correction.About.OTHER and not data.get("text"):
            self.add_error("text", _("Tell us what is wrong"))
        return data


class MissingForm(forms.Form):
    """A reader says what help they looked for and did not find."""

    text = forms.CharField(
        label=_("What did you look for?"),
        help_text=_("Please leave out names and private matters."),
        widget=forms.Textarea({"rows": 4}),
        max_length=2000,
        error_messages={
            "required": _("Tell us what you looked for"),
            "max_length": _("Use 2,000 letters or fewer"),
        },
    )


class CodeField(forms.CharField):
    """A code as somebody typed it, in capitals or not, with or without the dash."""

    default_error_messages = {
        "required": _("Enter the code"),
        "invalid": _("Enter the code as it was given: eight letters and numbers, like BCDF-2346"),
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {
            **super().widget_attrs(widget),
            "class": "govuk-input--width-10",
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
        }

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if text in self.empty_values:
            return ""
        code = read_code(text)
        if not code:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return code


class CorrectionCodeForm(forms.Form):
    """The code of a report."""

    code = CodeField(label=_("The code of your report"))

    def clean_code(self) -> Correction:
        code = self.cleaned_data["code"]
        found = Correction.objects.select_related("service").filter(code=code).first()
        if found is None:
            raise ValidationError(
                _("There is no report with this code. Check each letter and number.")
            )
        return found


class SharedListCodeForm(forms.Form):
    """The code of a list that somebody passed on."""

    code = CodeField(
        label=_("Open a list by its code"), help_text=_("Eight letters and numbers, like BCDF-2346")
    )

    def clean_code(self) -> SharedList:
        found = SharedList.objects.kept().filter(code=self.cleaned_data["code"]).first()
        if found is None:
            raise ValidationError(
                _(
                    "There is no list with this code. Check each letter and number; codes work for a year."
                )
            )
        return found


class AnswerForm(forms.Form):
    """An editor says what became of a report."""

    state = forms.ChoiceField(
        label=_("What became of it?"),
        choices=[c for c in Correction.State.choices if c[0] != Correction.State.NEW],
        widget=RadiosWithHints,
        error_messages={"required": _("Choose what became of it")},
    )
    reply = forms.CharField(
        label=_("Answer to the reader"),
        help_text=_("They read it with their code. Say thank you, and what you did."),
        widget=forms.Textarea({"rows": 4}),
        max_length=2000,
        error_messages={"required": _("Write an answer")},
    )
