"""What is written down of a check. No form has a field for a file, or for what a certificate says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, RadiosWithHints
from directory.models import Organisation
from members.forms.lines import ShortField
from volunteers.models import Check, CheckKind
from volunteers.models.check import DBS_NUMBER, DbsLevel
from volunteers.states import CHECK, CheckState, allowed


def check_not_to_come(day: Any) -> None:
    if day > timezone.localdate():
        raise ValidationError(_now("This day has not come yet"))


class NeedForm(forms.Form):
    """A check that somebody needs."""

    kind = forms.ChoiceField(
        label=_("What is to be checked?"),
        choices=CheckKind.choices,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose what is to be checked")},
    )
    level = forms.ChoiceField(
        label=_("Level of the DBS check"),
        help_text=_("Ask only for the level that the role allows by law."),
        choices=[("", _("No DBS check")), *DbsLevel.choices],
        required=False,
    )
    title = ShortField(
        label=_("Which training, or whose reference?"),
        help_text=_("For example: first aid; first reference. Not the referee’s name."),
        longest=120,
        required=False,
    )
    organisation = forms.ModelChoiceField(
        label=_("Which organisation asks for it?"),
        queryset=Organisation.objects.none(),
        empty_label=None,
    )

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.queryset = organisations
        only = list(organisations[:2])
        if len(only) == 1:
            field.initial = only[0].pk
            field.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("kind") == CheckKind.DBS:
            if not typed.get("level"):
                self.add_error("level", _now("Choose the level"))
        elif typed.get("kind"):
            typed["level"] = ""
        return typed


class RecordForm(forms.Form):
    """How far a check is. ``was``: how far it was on the page that was filled in."""

    to = forms.ChoiceField(label=_("How far is it?"), widget=RadiosWithHints)
    level = forms.ChoiceField(label=_("Level"), choices=DbsLevel.choices, required=False)
    workforce = forms.ChoiceField(
        label=_("Workforce"),
        choices=[("", _("Not known")), *Check.Workforce.choices],
        required=False,
    )
    certificate_number = forms.CharField(
        label=_("Certificate number"),
        help_text=_("12 figures. It is deleted six months after the decision."),
        required=False,
        max_length=20,
        widget=forms.TextInput(
            {"inputmode": "numeric", "autocomplete": "off", "class": "govuk-input--width-10"}
        ),
    )
    issued_on = DateField(
        label=_("Date of issue, or of the training"),
        required=False,
        validators=[check_not_to_come],
    )
    on_update_service = forms.BooleanField(
        label=_("They subscribe to the Update Service"), required=False
    )
    seen_on = DateField(
        label=_("On which day did you see it?"),
        help_text=_("Leave it empty for today."),
        required=False,
        validators=[check_not_to_come],
    )
    was = forms.CharField(widget=forms.HiddenInput, max_length=20)

    DBS_ONLY = ("level", "workforce", "certificate_number", "on_update_service")

    def __init__(self, *args: Any, check: Check, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = check
        ways = [
            way
            for way in [check.state, *allowed(CHECK, check.state)]
            if way != CheckState.DECISION_RECORDED
        ]
        field: Any = self.fields["to"]
        field.choices = [(way, CheckState(way).label) for way in ways]
        if check.kind != CheckKind.DBS:
            for name in self.DBS_ONLY:
                del self.fields[name]
        if check.seen_at is not None:
            del self.fields["seen_on"]
        self.initial = {
            "to": check.state,
            "was": check.state,
            **{name: getattr(check, name) for name in (*self.DBS_ONLY, "issued_on")},
            **self.initial,
        }

    def clean_certificate_number(self) -> str:
        figures = "".join(self.cleaned_data["certificate_number"].split())
        if figures:
            DBS_NUMBER(figures)
        return figures

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("was") and typed["was"] != self.of.state:
            raise ValidationError(
                _now("Somebody else has written down meanwhile: this check is “%(state)s”.")
                % {"state": self.of.get_state_display()}
            )
        seen = typed.get("to") == CheckState.SEEN
        issued, on = typed.get("issued_on"), typed.get("seen_on")
        if seen and issued and on and on < issued:
            self.add_error("seen_on", _now("It cannot be seen before its date of issue"))
        if seen and self.of.kind == CheckKind.DBS:
            wanted = {
                "certificate_number": _now("Enter the number of the certificate that you saw"),
                "issued_on": _now("Enter the certificate’s date of issue"),
            }
            for name, why in wanted.items():
                if not typed.get(name) and name not in self.errors:
                    self.add_error(name, why)
        return typed

    @property
    def facts(self) -> dict[str, Any]:
        """For ``record_check``, after ``is_valid()``."""
        typed = self.cleaned_data
        names = (*self.DBS_ONLY, "issued_on", "seen_on")
        return {name: typed[name] for name in names if name in self.fields}


class DecideForm(forms.Form):
    """What was decided: final. A new certificate is a new check."""

    decision = forms.ChoiceField(
        label=_("What was decided?"),
        choices=Check.Decision.choices,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose what was decided")},
    )
    reference = ShortField(
        label=_("Reference of the risk assessment"),
        help_text=_("Where it is found in your own files. Not what it says."),
        longest=40,
        required=False,
    )
    next_due_on = DateField(
        label=_("Look at it again before a certain day?"),
        help_text=_("Leave it empty: the day follows from the dates. An earlier one may be set."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        risk = Check.Decision.RISK_ASSESSED
        missing = typed.get("decision") == risk and not typed.get("reference")
        if missing and "reference" not in self.errors:
            self.add_error("reference", _now("Enter the reference of the risk assessment"))
        day = typed.get("next_due_on")
        if day and day < timezone.localdate():
            self.add_error("next_due_on", _now("Choose today or a later day"))
        return typed


class UpdateServiceForm(forms.Form):
    """What the Update Service said."""

    on = DateField(label=_("When did you look?"), validators=[check_not_to_come])
    unchanged = forms.TypedChoiceField(
        label=_("What did it say?"),
        choices=[("yes", _("The certificate is unchanged")), ("no", _("There is something new"))],
        coerce=lambda value: value == "yes",
        widget=RadiosWithHints,
        error_messages={"required": _("Choose what it said")},
    )
