"""The facts of a service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, PhoneField
from directory.actions.organisations import main_phone
from directory.actions.services import EDITABLE
from directory.models import Organisation, Service, TaxonomyTerm


class WebAddressField(forms.URLField):
    """A web address; ``www.example.org`` typed without a scheme becomes https."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"assume_scheme": "https", **kwargs})


# What an import keeps of a text (directory/imports/cleaning/texts.py): the longer it is, the longer every
# reader of the page waits.
LONGEST_TEXT = 20_000


def limit_texts(form: forms.BaseForm) -> None:
    """Give an end to the texts that have none in the database."""
    for field in form.fields.values():
        if type(field) is forms.CharField and field.max_length is None:
            field.max_length = LONGEST_TEXT
            field.validators.append(MaxLengthValidator(LONGEST_TEXT))


@dataclass(frozen=True)
class TopicChoice:
    """One tick box."""

    term: TaxonomyTerm
    group: str
    chosen: bool


@dataclass(frozen=True)
class TopicGroup:
    """The tick boxes below one top-level topic, folded up until somebody opens them."""

    number: int
    name: str
    choices: tuple[TopicChoice, ...]

    @property
    def chosen(self) -> int:
        return sum(choice.chosen for choice in self.choices)


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
    phone = PhoneField(
        label=_("Phone"),
        required=False,
        help_text=_("Stands under the name. Empty: people ring the organisation’s number."),
    )
    closed_until = DateField(label=_("Closed until"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = Service
        fields = [
            "name", "alternate_name", "phone", "summary", "application_process", "alert", "status",
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
        limit_texts(self)
        chosen = [term.pk for term in instance.terms.all()]
        terms = TaxonomyTerm.objects.filter(Q(is_topic=True) | Q(pk__in=chosen))
        self.fields["topics"].queryset = terms  # type: ignore[attr-defined]
        self.initial.setdefault("topics", chosen)
        phone = main_phone(instance)
        self.initial.setdefault("phone", phone.number if phone else "")
        self.initial["seen"] = instance.last_modified.isoformat()

    def topic_groups(self) -> Iterator[TopicGroup]:
        """The tick boxes for topics below their top-level topic; one query."""
        chosen = {str(value) for value in self["topics"].value() or ()}
        groups: dict[Any, list[TopicChoice]] = {}
        for term in (
            self.fields["topics"]  # type: ignore[attr-defined]
            .queryset.select_related("parent")
            .order_by(  # type: ignore[attr-defined]
                "parent__position", "parent__sort_key", "position", "sort_key"
            )
        ):
            top = term.parent or term
            groups.setdefault(top.pk, []).append(
                TopicChoice(term, top.name, str(term.pk) in chosen)
            )
        for number, choices in enumerate(sorted(groups.values(), key=lambda c: c[0].group)):
            yield TopicGroup(number, choices[0].group, tuple(choices))

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


class ConfirmForm(forms.Form):
    """Every fact has been gone through with somebody who knows."""

    sure = forms.BooleanField(
        label=_("I have gone through these facts with the organisation, and they are right"),
        error_messages={"required": _("Tick the box when you have gone through the facts.")},
    )


class NewServiceForm(forms.Form):
    """What is needed to begin: the rest is filled in on the service's own page."""

    organisation = forms.ModelChoiceField(
        label=_("Which organisation offers it?"),
        queryset=Organisation.objects.none(),
        error_messages={"required": _("Choose the organisation.")},
    )
    name = forms.CharField(
        label=_("What is the service called?"),
        max_length=255,
        error_messages={"required": _("Give the service’s name.")},
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
