"""The voluntary questions, as they are handed over or entered from paper."""

from __future__ import annotations

from typing import Any

from django import forms

from dcsn.forms import RadiosWithHints
from members.models import EqualityAnswers


class EqualityForm(forms.ModelForm):
    """Always empty when it opens, whatever was answered before: nobody here reads answers back.

    ``EqualityForm`` is never given an instance; what is handed in replaces what was there.
    """

    class Meta:
        model = EqualityAnswers
        fields = list(EqualityAnswers.QUESTIONS)
        widgets = dict.fromkeys(EqualityAnswers.QUESTIONS, RadiosWithHints)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if "instance" in kwargs:
            raise TypeError("Equality answers are not read back.")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # No dashes to choose: a question left out is left out.
            field.choices = [  # type: ignore[attr-defined]
                choice
                for choice in field.choices  # type: ignore[attr-defined]
                if choice[0] != ""
            ]

    def _save_m2m(self) -> None:
        raise TypeError("EqualityForm is saved by members.actions.equality")
