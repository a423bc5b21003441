"""What is typed about hours: how many and for what, what is not right, how many they were."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, RadiosWithHints
from members.forms.lines import NoteField, ShortField
from volunteers.giving.own import Task

LONGEST = 24 * 60


class StretchForm(forms.Form):
    """A form with a stretch of time in two boxes."""

    hours = forms.IntegerField(
        label=_("Hours"),
        required=False,
        min_value=0,
        max_value=24,
        widget=forms.NumberInput({"class": "govuk-input--width-2", "inputmode": "numeric"}),
    )
    minutes = forms.IntegerField(
        label=_("Minutes"),
        help_text=_("Part of an hour is fine: 20 for twenty minutes."),
        required=False,
        min_value=0,
        max_value=59,
        widget=forms.NumberInput({"class": "govuk-input--width-2", "inputmode": "numeric"}),
    )

    @property
    def typed_minutes(self) -> int | None:
        """Both boxes together; None when both are empty."""
        hours, rest = self.cleaned_data.get("hours"), self.cleaned_data.get("minutes")
        return None if hours is None and rest is None else (hours or 0) * 60 + (rest or 0)

    def check_stretch(self, *, needed: bool, least: int = 1) -> None:
        if "hours" in self.errors or "minutes" in self.errors:
            return
        typed = self.typed_minutes
        if typed is None:
            if needed:
                self.add_error("hours", _("Enter how long it was, in hours or minutes"))
        elif typed < least:
            self.add_error("hours", _("Enter at least one minute"))
        elif typed > LONGEST:
            self.add_error("hours", _("A day has no more than 24 hours"))


class LogForm(StretchForm):
    """Hours that somebody gave: a whole visit or shift, or a part of it."""

    field_order = ("task", "day", "hours", "minutes", "key")
    task = forms.ChoiceField(
        label=_("What was it for?"),
        widget=RadiosWithHints,
        error_messages={"required": _("Choose what it was for")},
    )
    day = DateField(
        label=_("On which day?"),
        help_text=_("You need not say it for a visit or a shift."),
        required=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, tasks: list[Task], **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self._tasks = {one.value: one for one in tasks}
        field: Any = self.fields["task"]
        field.choices = [(one.value, one.label) for one in tasks]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        task = self._tasks.get(data.get("task", ""))
        if (
            task is not None
            and task.day is None
            and not data.get("day")
            and "day" not in self.errors
        ):
            self.add_error("day", _("Enter the day on which it was"))
        if data.get("day") and data["day"] > timezone.localdate():
            self.add_error("day", _("That day is still to come"))
        self.check_stretch(needed=task is None or task.minutes is None)
        return data

    @property
    def task_chosen(self) -> Task:
        return self._tasks[self.cleaned_data["task"]]

    @property
    def day_given(self) -> date:
        day: date = self.task_chosen.day or self.cleaned_data["day"]
        return day

    @property
    def minutes_given(self) -> int:
        typed = self.typed_minutes
        return typed if typed is not None else (self.task_chosen.minutes or 0)


class DisputeForm(StretchForm):
    """What is not right, and how long it was instead."""

    field_order = ("words", "hours", "minutes")
    words = ShortField(
        label=_("What is not right?"),
        longest=300,
        error_messages={"required": _("Say what is not right")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.check_stretch(needed=False, least=0)
        return data


class SettleForm(StretchForm):
    """How many they were, and why."""

    field_order = ("hours", "minutes", "because")
    because = NoteField(
        label=_("Why is it so many?"),
        help_text=_("Both sides read this."),
        longest=300,
        rows=2,
        error_messages={"required": _("Say why: both sides read it")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.check_stretch(needed=True, least=0)
        return data
