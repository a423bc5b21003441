"""Writing down what somebody agreed to, for whom, and who said it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.forms import CheckboxesWithHints, DateField, RadiosWithHints
from directory.models import Organisation
from members.forms.lines import NoteField, ShortField
from members.models import USUALLY_SHARED, Category, Consent, Purpose

# A paper form may have lain for a while; one from before that is asked again.
OLDEST = timedelta(days=366)


class WhoAgreesForm(forms.Form):
    """Until when a consent holds, and who said it: the same boxes wherever one is written down."""

    until = DateField(
        label=_("Until when?"),
        required=False,
        help_text=_("The last day on which it holds. Leave it empty if they named none."),
    )
    given_by = forms.ChoiceField(
        label=_("Who said it?"),
        choices=Consent.GivenBy.choices,
        initial=Consent.GivenBy.THEMSELVES,
        widget=RadiosWithHints(
            hints={
                Consent.GivenBy.ATTORNEY: _("Ask to see the document: it must be registered."),
                Consent.GivenBy.PARENT: _("For somebody under 18."),
                Consent.GivenBy.CARER: _(
                    "A carer cannot agree for an adult. It is decided with them, in the person’s "
                    "interest, and written down why."
                ),
            }
        ),
    )
    who = ShortField(
        label=_("If it was somebody else: who?"),
        longest=200,
        required=False,
        help_text=_("Their name, and how they know the person."),
    )
    capacity = NoteField(
        label=_("Can the person decide this themselves?"),
        longest=500,
        required=False,
        rows=2,
        help_text=_(
            "Everybody can, until there is a reason to think otherwise. If there is one: what they "
            "could not understand, keep in mind, weigh up or say, and how you helped them to."
        ),
    )
    best_interests = NoteField(
        label=_("Why is it in their best interests?"),
        longest=1000,
        required=False,
        help_text=_("Only where it was decided for them: what they want, and whom you asked."),
    )

    def clean_until(self) -> date | None:
        day: date | None = self.cleaned_data["until"]
        if day is not None and day < timezone.localdate():
            raise ValidationError(_("The last day is over already"))
        return day

    @property
    def is_about_somebody_else(self) -> bool:
        """Whether the box for who else said it must be open."""
        for name in ("given_by", "who", "capacity", "best_interests"):
            field = self[name]
            if field.errors or field.value() not in ("", None, Consent.GivenBy.THEMSELVES):
                return True
        return False

    @property
    def said_by(self) -> dict[str, Any]:
        """As ``record_consent`` takes it."""
        typed = self.cleaned_data
        return {
            # The day itself still counts.
            "until": _midnight_after(typed["until"]) if typed["until"] else None,
            "given_by": typed["given_by"],
            "who": typed["who"],
            "capacity": typed["capacity"],
            "best_interests": typed["best_interests"],
        }


class ConsentForm(WhoAgreesForm):
    """One consent. To share is with one named organisation; the rest is for the access point itself."""

    purpose = forms.ChoiceField(
        label=_("What do they agree to?"),
        choices=[
            (one.value, one.label)
            for one in (Purpose.SHARE, Purpose.CONTACT, Purpose.REMEMBER, Purpose.POST)
        ],
        widget=RadiosWithHints,
        error_messages={"required": _("Choose what they agree to")},
    )
    organisation = forms.ModelChoiceField(
        label=_("Which organisation may be told?"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Choose an organisation"),
        help_text=_("Only where something is passed on."),
    )
    categories = forms.MultipleChoiceField(
        label=_("Which of their details?"),
        choices=Category.choices,
        widget=CheckboxesWithHints,
        initial=[one.value for one in USUALLY_SHARED],
        error_messages={"required": _("Tick what they agree to, at least their name")},
    )
    how = forms.ChoiceField(
        label=_("How did they say it?"),
        choices=[
            (Consent.How.SPOKEN, Consent.How.SPOKEN.label),
            (Consent.How.WRITTEN, Consent.How.WRITTEN.label),
        ],
        widget=RadiosWithHints,
        error_messages={"required": _("Choose how they said it")},
    )
    said_on = DateField(
        label=_("When?"), required=False, help_text=_("Leave it empty if it was today.")
    )
    read_out = forms.BooleanField(
        label=_("The words were read out or shown to them, with the organisation and the details"),
        error_messages={"required": _("Read the words out first, then tick this")},
    )

    # As on the page, so that the summary of errors follows it.
    field_order = ["purpose", "organisation", "categories", "how", "said_on"]

    def __init__(self, *args: Any, receivers: Any, words: Mapping[str, str], **kwargs: Any) -> None:
        """``words``: what is read out for each purpose."""
        super().__init__(*args, **kwargs)
        self.fields["purpose"].widget.hints = words  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = receivers  # type: ignore[attr-defined]

    def clean_said_on(self) -> date | None:
        day: date | None = self.cleaned_data["said_on"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(_("The date is in the future"))
        if day is not None and day < timezone.localdate() - OLDEST:
            raise ValidationError(_("This is more than a year ago: ask them again"))
        return day

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if (
            typed.get("purpose") == Purpose.SHARE
            and not typed.get("organisation")
            and "organisation" not in self.errors
        ):
            self.add_error("organisation", _("Choose the organisation that may be told"))
        return typed

    @property
    def facts(self) -> dict[str, Any]:
        """As ``record_consent`` takes them, apart from the organisation."""
        typed = self.cleaned_data
        return {
            "purpose": typed["purpose"],
            "categories": typed["categories"],
            "how": typed["how"],
            "at": _at_noon(typed["said_on"]) if typed["said_on"] else None,
            **self.said_by,
        }


def _at_noon(day: date) -> datetime | None:
    """Nobody asks at which hour; today's is now."""
    if day == timezone.localdate():
        return None
    return timezone.make_aware(datetime.combine(day, time(12)))


def _midnight_after(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
