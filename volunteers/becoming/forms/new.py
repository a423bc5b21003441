"""Applying with staff, or typed in from paper: the questions of the website's form, and how they came."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from dcsn.forms import RadiosWithHints
from volunteers.models import Agreement, Opportunity, Route
from volunteers.opportunities.apply_form import ApplyForm, Part


def _came() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("How do they apply?"),
        choices=[
            (Route.DESK.value, _("With me, here or on the phone")),
            (Route.PAPER.value, _("On paper: I type it in")),
        ],
        widget=RadiosWithHints,
        error_messages={"required": _("Choose how they apply")},
    )


class AtDesk(ApplyForm):
    """For somebody new. Agreed to in words, or signed on the paper."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["route"] = _came()

    @property
    def how(self) -> str:
        on_paper = self.cleaned_data["route"] == Route.PAPER
        return Agreement.How.PAPER if on_paper else Agreement.How.SPOKEN


class AgainAtDesk(AtDesk):
    """For a volunteer who is known: why, and what they have not agreed to yet. Nothing is asked twice."""

    def __init__(self, *args: Any, role: Opportunity, agreed: set[Any], **kwargs: Any) -> None:
        super().__init__(*args, role=role, known=True, **kwargs)
        for name in (*self.WHAT, *self.WHEN, *self.HELP):
            if name != "why":
                del self.fields[name]
        for policy in self.policies:
            if policy.pk in agreed:
                del self.fields[self.policy_name(policy)]
        self.policies = [policy for policy in self.policies if policy.pk not in agreed]

    @property
    def parts(self) -> list[Part]:
        return [Part(_now("Why this role"), "", [self["why"]])]


class AlthoughForm(forms.Form):
    """Recorded anew although a volunteer is very likely the same person."""

    although = forms.BooleanField(
        label=_("I asked: they are somebody else"),
        error_messages={
            "required": _("Look at them first. Tick this if the one before you is somebody else")
        },
    )
