"""What the volunteer centre types about an employer or college."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from dcsn.accounts.models import User
from dcsn.forms import DateField, RadiosWithHints
from directory.models import Organisation
from volunteers.models import Cohort, Employer, Opportunity, Volunteer
from volunteers.references import normal_reference
from volunteers.states import OpportunityState


class _ContactField(forms.EmailField):
    """The account of this e-mail address, or nobody."""

    def clean(self, value: Any) -> Any:
        email = super().clean(value)
        if not email:
            return None
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise forms.ValidationError(
                _("Nobody has an account with this e-mail address. Leave it empty, or invite them.")
            )
        return user


class AccountForm(forms.Form):
    organisation = forms.ModelChoiceField(
        label=_("Employer or college"),
        help_text=_("It must be in the directory as an organisation."),
        queryset=Organisation.objects.none(),
        empty_label=_("Choose one"),
        error_messages={"required": _("Choose the employer or college")},
    )
    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=Employer.Kind.choices,
        widget=RadiosWithHints,
        error_messages={"required": _("Say what it is")},
    )
    contact = _ContactField(
        label=_("E-mail address of their contact"),
        help_text=_("They see numbers without small ones, and never who volunteers."),
        required=False,
        error_messages={"invalid": _("Enter an e-mail address, like name@example.org")},
    )
    note = forms.CharField(
        label=_("What was agreed"),
        help_text=_("For example: two days a year in work time."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, employer: Employer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        if employer is not None:
            del self.fields["organisation"]
            fields["contact"].initial = employer.contact.email if employer.contact else ""
            fields["kind"].initial, fields["note"].initial = employer.kind, employer.note
        else:
            running = Employer.objects.filter(organisation=OuterRef("pk"), ended_at=None)
            fields["organisation"].queryset = Organisation.objects.filter(~Exists(running))


class CohortForm(forms.Form):
    prefix = "group"
    name = forms.CharField(
        label=_("Name of the group"),
        help_text=_("For example: Health and social care, year 12."),
        max_length=100,
        error_messages={"required": _("Give the group a name")},
    )
    from_on = DateField(label=_("From"), error_messages={"required": _("Give the first day")})
    until_on = DateField(label=_("Until (if it ends)"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from_on"), cleaned.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", _("The last day must not be before the first."))
        return cleaned


class MemberForm(forms.Form):
    prefix = "member"
    cohort = forms.ModelChoiceField(
        label=_("Group"),
        queryset=Cohort.objects.none(),
        empty_label=None,
        error_messages={"required": _("Choose a group")},
    )
    reference = forms.CharField(
        label=_("Volunteer’s reference"),
        help_text=_("It begins with V and stands on their page."),
        max_length=20,
        error_messages={"required": _("Give the volunteer’s reference")},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, employer: Employer, visible: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["cohort"].queryset = employer.cohorts.all()
        self.visible = visible

    def clean_reference(self) -> Volunteer:
        typed = normal_reference(self.cleaned_data["reference"])
        found: Volunteer | None = self.visible.filter(reference=typed).first()
        if found is None:
            raise forms.ValidationError(
                _("No volunteer has this reference. Check it, letter by letter.")
            )
        return found


class SlotForm(forms.Form):
    prefix = "slot"
    day = DateField(label=_("Day"), error_messages={"required": _("Give the day")})
    places = forms.IntegerField(
        label=_("Places"),
        min_value=1,
        max_value=500,
        error_messages={"required": _("Say how many places there are")},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4", "inputmode": "numeric"}),
    )
    opportunity = forms.ModelChoiceField(
        label=_("Role"),
        queryset=Opportunity.objects.none(),
        required=False,
        empty_label=_("Whatever is to be done that day"),
    )
    cohort = forms.ModelChoiceField(
        label=_("For"),
        queryset=Cohort.objects.none(),
        required=False,
        empty_label=_("All of their people"),
    )

    def __init__(self, *args: Any, employer: Employer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["cohort"].queryset = employer.cohorts.all()
        fields["opportunity"].queryset = Opportunity.objects.filter(
            state=OpportunityState.OPEN
        ).order_by("name")
