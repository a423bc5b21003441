"""What is done with one pathway: a step, a contact, another coordinator, a pause, an end."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.accounts.models import User
from dcsn.forms import DateField, PhoneField, RadiosWithHints
from members.forms.lines import ShortField
from pathways.coordinators import possible_coordinators
from pathways.forms.begin import CoordinatorChoice, sentences
from pathways.models import Contact, Pathway, Stage


class StageForm(forms.Form):
    """Where they are on their way."""

    stage = forms.ModelChoiceField(
        label=_("Where are they now?"),
        queryset=Stage.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose where they are now")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, pathway: Pathway, **kwargs: Any) -> None:
        kwargs["initial"] = {"stage": pathway.stage_id, "version": pathway.version}
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["stage"].queryset = pathway.kind.stages.order_by("position")


class ContactForm(forms.Form):
    """That they spoke."""

    way = forms.ChoiceField(
        label=_("How did you speak?"),
        choices=sentences(Contact.Way.choices),
        widget=RadiosWithHints,
        error_messages={"required": _("Choose how you spoke")},
    )
    on = DateField(label=_("On which day?"))
    note = ShortField(
        label=_("In a few words"),
        help_text=_("They can read it. What matters to them belongs into the plan."),
        longest=300,
        required=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), "on": timezone.localdate()}
        super().__init__(*args, **kwargs)

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(
                _("This day is still to come. Enter today or an earlier day")
            )
        return day


class HandOverForm(forms.Form):
    """Another coordinator."""

    to = CoordinatorChoice(
        label=_("Who goes with them from now on?"),
        queryset=User.objects.none(),
        empty_label=_("Choose somebody"),
        error_messages={"required": _("Choose who goes with them")},
    )

    def __init__(self, *args: Any, pathway: Pathway, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        others = possible_coordinators(pathway.organisation_id)
        if pathway.coordinator_id is not None:
            others = others.exclude(pk=pathway.coordinator_id)
        fields["to"].queryset = others


class RingForm(forms.Form):
    """Whom the person rings."""

    name = ShortField(
        label=_("Whom do they ring?"),
        help_text=_("Leave it empty when it is the coordinator."),
        longest=100,
        required=False,
    )
    phone = PhoneField(label=_("On which number?"), required=False)

    def __init__(self, *args: Any, pathway: Pathway, **kwargs: Any) -> None:
        kwargs["initial"] = {"name": pathway.contact_name, "phone": pathway.contact_phone}
        super().__init__(*args, **kwargs)


class PauseForm(forms.Form):
    """It rests for a while."""

    because = ShortField(
        label=_("Why does it rest?"),
        help_text=_("For example: in hospital, away until Easter."),
        longest=200,
        error_messages={"required": _("Say why it rests")},
    )


class EndForm(forms.Form):
    """It is over, and how."""

    end = forms.ChoiceField(
        label=_("How did it end?"),
        choices=sentences(Pathway.End.choices),
        widget=RadiosWithHints,
        error_messages={"required": _("Choose how it ended")},
    )
