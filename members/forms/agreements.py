"""What staff type about agreements to share people's details."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.forms import CheckboxesWithHints, DateField
from directory.models import Organisation
from members.actions.agreements import Terms
from members.models import Category, SharingAgreement

# Longer than this and nobody who signed it is there any more.
REVIEW_AT_MOST_YEARS = 5


def past_or_today(day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError(_("The date must be today or in the past"))


class TermsForm(forms.Form):
    """What the signed paper says."""

    signed_on = DateField(label=_("When was it signed?"), validators=[past_or_today])
    review_on = DateField(
        label=_("By when must it be reviewed?"),
        help_text=_("After this day nothing about people is sent there until it is renewed."),
    )
    categories = forms.MultipleChoiceField(
        label=_("Which details may be shared?"),
        choices=Category.choices,
        widget=CheckboxesWithHints,
        error_messages={"required": _("Tick at least one")},
    )
    signed_by = forms.CharField(
        label=_("Who signed for the network?"),
        max_length=150,
        help_text=_("Their name and what they are, as on the paper."),
        error_messages={"required": _("Enter who signed for the network")},
    )
    kept_at = forms.CharField(
        label=_("Where is the signed paper kept?"),
        max_length=200,
        help_text=_("For example: the folder “Agreements”, number 12, in the network's office."),
        error_messages={"required": _("Enter where the paper is kept")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        signed, review = data.get("signed_on"), data.get("review_on")
        if signed and review:
            if review <= signed:
                self.add_error("review_on", _("The review must be after the day of signing"))
            elif review.year - signed.year > REVIEW_AT_MOST_YEARS:
                self.add_error(
                    "review_on",
                    _("Review it within %(years)d years of signing")
                    % {"years": REVIEW_AT_MOST_YEARS},
                )
        return data

    @property
    def terms(self) -> Terms:
        return Terms(**{name: self.cleaned_data[name] for name in Terms.__dataclass_fields__})


class AgreementForm(TermsForm):
    """A first agreement: with whom, as well."""

    organisation = forms.ModelChoiceField(
        label=_("With which organisation?"),
        queryset=Organisation.objects.none(),
        error_messages={"required": _("Choose the organisation")},
    )
    field_order = ["organisation"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
        field.queryset = Organisation.objects.exclude(
            id__in=SharingAgreement.objects.open().values("organisation_id")
        ).order_by("sort_key", "id")


class EndForm(forms.Form):
    """From when it no longer holds, and why."""

    ended_on = DateField(
        label=_("From which day does it no longer hold?"),
        validators=[past_or_today],
        help_text=_(
            "Today, or a day in the past. From then on nothing about people is sent there."
        ),
    )
    ended_why = forms.CharField(
        label=_("Why does it end?"),
        max_length=300,
        error_messages={"required": _("Enter why it ends")},
    )
