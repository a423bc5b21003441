"""The form of a review. It opens with how the person is; hours stand last, and fewer need a reason seen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, RadiosWithHints, TimeField
from pathways.forms.begin import sentences
from pathways.models import Review
from pathways.outcomes.forms import OutcomesForm
from pathways.reviews.hours import HoursField


def _words(label: Any, most: int = 2000, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=most,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"max_length": _("Please use fewer characters")},
    )


_SAID_BY_STAFF = (Review.Seen.READ, Review.Seen.READ_OUT, Review.Seen.WITH_HELP)


class ReviewForm(OutcomesForm):
    """:attr:`facts` goes to ``write_up`` or ``keep``, ``said`` to ``record_sitting``."""

    better = _words(_("What got better since the last time?"))
    not_better = _words(_("What did not get better, or got worse?"))
    persons_view = _words(_("What does the person say about it, in their words?"))
    minutes_before = HoursField(label=_("Hours of paid support a week until now"), required=False)
    minutes_after = HoursField(label=_("Hours of paid support a week from now on"), required=False)
    fewer_because = _words(
        _("If there are fewer hours: why?"),
        1000,
        _(
            "In words that the person understands. They must have seen this before it can be recorded."
        ),
    )
    reason_seen_on = DateField(label=_("The person saw this reason on"), required=False)
    reason_seen_how = forms.ChoiceField(
        label=_("How did they see it?"),
        choices=[one for one in sentences(Review.Seen.choices) if one[0] in _SAID_BY_STAFF],
        required=False,
        widget=RadiosWithHints,
        error_messages={
            "invalid_choice": _(
                "That they saw it on the website, only the person says, signed in. Choose another way"
            )
        },
    )
    next_steps = _words(_("What happens next, and who does it?"))
    held_on = DateField(
        label=_("When did you meet?"),
        error_messages={"required": _("Enter the day on which you met")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    _FACTS = (
        "better", "not_better", "persons_view", "next_steps", "minutes_before", "minutes_after",
        "fewer_because", "reason_seen_on", "reason_seen_how",
    )  # fmt: skip

    def __init__(
        self, *args: Any, finishing: bool = True, seen_online: bool = False, **kwargs: Any
    ) -> None:
        """``seen_online``: the person has said on the website that they saw the reason, which stays so."""
        super().__init__(*args, **kwargs)
        self._finishing = finishing
        if seen_online:
            how: Any = self.fields["reason_seen_how"]
            how.choices = [
                *how.choices,
                *sentences([(Review.Seen.WEBSITE, Review.Seen.WEBSITE.label)]),
            ]

    @property
    def lives(self) -> list[BoundField]:
        return [self[name] for name in ("better", "not_better", "persons_view")]

    @property
    def hours(self) -> list[BoundField]:
        return [
            self[name]
            for name in (
                "minutes_before",
                "minutes_after",
                "fewer_because",
                "reason_seen_on",
                "reason_seen_how",
            )
        ]

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._FACTS}

    def clean_held_on(self) -> Any:
        return _not_to_come(self.cleaned_data["held_on"])

    def clean_reason_seen_on(self) -> Any:
        return _not_to_come(self.cleaned_data["reason_seen_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        seen_on, seen_how = cleaned.get("reason_seen_on"), cleaned.get("reason_seen_how")
        if seen_on and not seen_how:
            self.add_error("reason_seen_how", _("Say how they saw the reason"))
        if seen_how and not seen_on and "reason_seen_on" not in self.errors:
            self.add_error("reason_seen_on", _("Say on which day they saw the reason"))
        if self._finishing:
            self._clean_finished(cleaned)
        return cleaned

    def _clean_finished(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("better") and not cleaned.get("not_better"):
            self.add_error("better", _("Say first what got better, or below what did not"))
        before, after = cleaned.get("minutes_before"), cleaned.get("minutes_after")
        if before is None or after is None or after >= before:
            return
        if not cleaned.get("fewer_because") and "fewer_because" not in self.errors:
            self.add_error("fewer_because", _("Fewer hours need a reason: write it down"))
        if not cleaned.get("reason_seen_on") and "reason_seen_on" not in self.errors:
            self.add_error(
                "reason_seen_on",
                _(
                    "Fewer hours cannot be recorded until the person has seen why. Say when they saw it, "
                    "or keep the review as it is and show them first"
                ),
            )


class BookForm(forms.Form):
    """A day that was agreed with the person."""

    on = DateField(
        label=_("On which day?"), error_messages={"required": _("Enter the day of the review")}
    )
    at = TimeField(label=_("At what time?"))
    where = forms.CharField(
        label=_("Where?"),
        max_length=100,
        help_text=_("At home, at the library, by telephone"),
        error_messages={"required": _("Say where you meet")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Choose a day that is still to come"))
        return day

    @property
    def moment(self) -> datetime:
        return timezone.make_aware(
            datetime.combine(self.cleaned_data["on"], self.cleaned_data["at"])
        )


class AskForm(forms.Form):
    """Somebody wants a review before the next is due."""

    asked_by = forms.CharField(
        label=_("Who asks for it?"),
        max_length=100,
        help_text=_("The person, their daughter, the care provider"),
        error_messages={"required": _("Say who asks for it")},
    )


def _not_to_come(day: Any) -> Any:
    if day is not None and day > timezone.localdate():
        raise forms.ValidationError(_("This day must not be in the future"))
    return day
