"""Whose volunteer somebody is, from whom they are kept apart, what they agreed to, what a parent said."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from dcsn.forms import CheckboxesWithHints, PhoneField, RadiosWithHints
from directory.models import Organisation
from members.forms.lines import NoteField, PersonNameField, ShortField
from members.models import Person
from volunteers.models import Agreement, HelpRequest, NotWith, PolicyVersion, Volunteer
from volunteers.opportunities.board_forms import StepForm
from volunteers.references import normal_reference
from volunteers.states import VolunteerReason

# What may stand behind "cannot volunteer with us".
REASONS = (
    VolunteerReason.CHECK,
    VolunteerReason.REFERENCES,
    VolunteerReason.CONDUCT,
    VolunteerReason.OTHER,
)


class ShareForm(forms.Form):
    """Another organisation may see them, because they agreed."""

    organisation = forms.ModelChoiceField(
        label=_("With which organisation?"),
        queryset=Organisation.objects.none(),
        empty_label=_("Choose one"),
        error_messages={"required": _("Choose the organisation")},
    )
    how = ShortField(
        label=_("How did they agree?"),
        help_text=_("For example: on the phone, 3 March."),
        longest=100,
        error_messages={"required": _("Ask the volunteer first, and say how they agreed")},
    )

    def __init__(self, *args: Any, volunteer: Volunteer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        there = volunteer.standings.current().values("organisation")
        field.queryset = (
            Organisation.objects.filter(published=True)
            .exclude(pk__in=there)
            .order_by("sort_key", "id")
        )


class NotWithForm(forms.Form):
    """Somebody with whom a volunteer is never brought together, named by a reference."""

    reference = forms.CharField(
        label=_("Who is it?"),
        help_text=_("The reference of their request for help (H-…), or of a volunteer (V-…)."),
        max_length=20,
        error_messages={"required": _("Enter a reference")},
        widget=forms.TextInput(
            {"class": "govuk-input--width-10", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    said_by = forms.ChoiceField(
        label=_("Who said so?"),
        choices=NotWith.SaidBy.choices,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose who said so")},
    )
    reason = ShortField(
        label=_("Why?"),
        help_text=_("Only what is needed. Neither of the two is told."),
        longest=300,
        required=False,
    )

    person: Person

    def __init__(self, *args: Any, user: Any, volunteer: Volunteer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.volunteer = user, volunteer

    def clean_reference(self) -> str:
        """Only those whom this user sees anyhow: no reference tells whether somebody exists."""
        text = normal_reference(self.cleaned_data["reference"])
        found: Person | None = None
        if text.startswith("H"):
            asked = HelpRequest.objects.coordinated_by(self.user).filter(reference=text).first()
            found = asked.person if asked else None
        else:
            other = Volunteer.objects.visible_to(self.user).filter(reference=text).first()
            found = other.person if other else None
        if found is None:
            raise forms.ValidationError(_now("Nobody whom you look after has this reference"))
        if found.pk == self.volunteer.person_id:
            raise forms.ValidationError(_now("This is the volunteer themself"))
        self.person = found
        return text


class PoliciesForm(forms.Form):
    """Policies that they have agreed to, written down by staff."""

    policies = forms.ModelMultipleChoiceField(
        label=_("Which did they agree to?"),
        queryset=PolicyVersion.objects.none(),
        widget=CheckboxesWithHints,
        error_messages={"required": _("Tick what they agreed to")},
    )
    how = forms.ChoiceField(
        label=_("How?"),
        choices=[
            (Agreement.How.PAPER.value, Agreement.How.PAPER.label),
            (Agreement.How.SPOKEN.value, Agreement.How.SPOKEN.label),
        ],
        widget=RadiosWithHints,
        error_messages={"required": _("Choose how they agreed")},
    )

    def __init__(self, *args: Any, policies: list[PolicyVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["policies"]
        field.queryset = PolicyVersion.objects.filter(pk__in=[one.pk for one in policies])


class ParentAnswerForm(forms.Form):
    """What a parent said on the phone, or signed."""

    answer = forms.ChoiceField(
        label=_("What does the parent or guardian say?"),
        choices=[("yes", _("Yes, they may volunteer")), ("no", _("No"))],
        widget=RadiosWithHints,
        error_messages={"required": _("Choose what they said")},
    )
    spoken_to = forms.BooleanField(
        label=_("I spoke with the parent or guardian themself, or have it with their signature"),
        error_messages={"required": _("Speak with the parent themself: nobody answers for them")},
    )


class AskParentForm(forms.Form):
    """Whom to ask."""

    name = PersonNameField(
        label=_("Parent’s or guardian’s name"),
        error_messages={"required": _("Enter the name of a parent or guardian")},
    )
    email = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_("They are sent a link, to say yes or no."),
        required=False,
        max_length=254,
    )
    phone = PhoneField(label=_("Their phone number"), required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if not (typed.get("email") or typed.get("phone") or self.errors):
            self.add_error("phone", _now("Enter an e-mail address or a phone number of the parent"))
        return typed


class NotSuitableForm(forms.Form):
    """Seldom, for a reason that only those who handle checks may read."""

    reason_code = forms.ChoiceField(
        label=_("Reason"),
        choices=[(one.value, one.label) for one in REASONS],
        widget=RadiosWithHints,
        error_messages={"required": _("Choose a reason")},
    )
    reason_text = NoteField(
        label=_("In a few words"),
        help_text=_("Never what a certificate says."),
        longest=500,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class NothingYetForm(StepForm):
    """Nothing was found yet: they are told, and by when they hear again."""

    what = None  # type: ignore[assignment]
    note = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].label = _("By which day do they hear from us again?")
