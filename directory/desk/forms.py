"""What a directory editor types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from directory.actions.services import EDITABLE
from directory.models import Service, TaxonomyTerm

MOST_WORDS = 60
LONGEST_SYNONYM = 100
LONGEST_PHRASE = 200


class LinesField(forms.CharField):
    """A text area whose value is its lines: trimmed, none empty, none twice."""

    widget = forms.Textarea

    def __init__(self, *, longest: int, most: int = MOST_WORDS, **kwargs: Any) -> None:
        self.longest = longest
        self.most = most
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        lines = list(dict.fromkeys(" ".join(line.split()) for line in text.splitlines()))
        lines = [line for line in lines if line]
        for line in lines:
            if len(line) > self.longest:
                raise ValidationError(
                    _("“%(start)s…” is too long: at most %(most)d letters in a line."),
                    params={"start": line[:30], "most": self.longest},
                )
        if len(lines) > self.most:
            raise ValidationError(
                _("At most %(most)d lines. You wrote %(count)d."),
                params={"most": self.most, "count": len(lines)},
            )
        return lines


class TopicWordsForm(forms.Form):
    """The everyday words that lead to a topic."""

    synonyms = LinesField(
        longest=LONGEST_SYNONYM,
        label=_("Other words for it"),
        help_text=_("One on each line, such as “chiropody”."),
    )
    phrases = LinesField(
        longest=LONGEST_PHRASE,
        label=_("What people say"),
        help_text=_("One on each line, as somebody would say it: “I can’t cut my nails”."),
    )


class WebAddressField(forms.URLField):
    """A web address; ``www.example.org`` typed without a scheme becomes https."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"assume_scheme": "https", **kwargs})


class ServiceForm(forms.ModelForm):
    """The facts of a service. ``seen`` carries what the editor saw, so that no two overwrite."""

    delivery = forms.MultipleChoiceField(
        label=_("How is the help given?"),
        choices=Service.Delivery.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    topics = forms.ModelMultipleChoiceField(
        label=_("Topics"),
        queryset=TaxonomyTerm.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = Service
        fields = [
            "name", "alternate_name", "summary", "application_process", "alert", "status",
            "closed_until", "cost", "fees_description", "eligibility_description", "minimum_age",
            "maximum_age", "required_documents", "delivery", "capacity", "wait_time",
            "bank_holidays", "hours_note", "interpretation_services", "url", "email",
            "description", "easy_read_summary", "bsl_video_url", "topics", "published",
        ]  # fmt: skip
        field_classes = {"url": WebAddressField, "bsl_video_url": WebAddressField}
        widgets = {
            "application_process": forms.Textarea(attrs={"rows": 2}),
            "required_documents": forms.Textarea(attrs={"rows": 3}),
            "fees_description": forms.Textarea(attrs={"rows": 2}),
            "eligibility_description": forms.Textarea(attrs={"rows": 3}),
            "summary": forms.Textarea(attrs={"rows": 3}),
            "easy_read_summary": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, instance: Service, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)  # type: ignore[misc]
        terms = TaxonomyTerm.objects.select_related("parent").order_by(
            "parent__position", "parent__sort_key", "position", "sort_key"
        )
        self.fields["topics"].queryset = terms  # type: ignore[attr-defined]
        self.fields["topics"].label_from_instance = lambda term: (  # type: ignore[attr-defined]
            f"{term.parent.name}: {term.name}" if term.parent else term.name
        )
        self.initial.setdefault("topics", [term.pk for term in instance.terms.all()])
        self.initial["seen"] = instance.last_modified.isoformat()

    def clean_seen(self) -> Any:
        seen = parse_datetime(self.cleaned_data["seen"])
        if seen is None:
            raise ValidationError(_("Open the service again: this page is out of date."))
        return seen

    @property
    def values(self) -> dict[str, Any]:
        """The cleaned facts, as the action takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name in EDITABLE}

    def _save_m2m(self) -> None:
        raise TypeError("ServiceForm is saved by directory.actions.services.change_service")


class PictureForm(forms.Form):
    picture = forms.FileField(
        label=_("Picture"), help_text=_("A JPEG, PNG or WebP file of up to 8 MB.")
    )
    alternative_text = forms.CharField(
        label=_("What does the picture show?"),
        max_length=200,
        help_text=_("For people who cannot see it: “The front door, with a ramp on the left”."),
        error_messages={"required": _("Say what the picture shows.")},
    )


class ConfirmForm(forms.Form):
    """Every fact has been gone through with somebody who knows."""

    sure = forms.BooleanField(
        label=_("I have gone through these facts with the organisation, and they are right"),
        error_messages={"required": _("Tick the box when you have gone through the facts.")},
    )
