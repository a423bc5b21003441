"""What is asked, and what staff write down: kinds of things, never the things themselves."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, RadiosWithHints
from members.models import Concession
from members.models.concession import REASONS_AT_MOST, WORDS_AT_MOST
from members.safety_net.no_numbers import HINT, refuse_numbers

Evidence, Ground, Via = Concession.Evidence, Concession.Ground, Concession.Via


def _free(label: Any, at_most: int = WORDS_AT_MOST, **options: Any) -> forms.CharField:
    """A box for words; it warns, and refuses what looks like a number or an amount."""
    hint = options.pop("help_text", "")
    return forms.CharField(
        label=label,
        max_length=at_most,
        help_text=f"{hint} {HINT}".strip() if hint else HINT,
        validators=[refuse_numbers],
        widget=forms.Textarea({"rows": 4}),
        **options,
    )


def _evidence(**options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("What did you look at?"),
        help_text=_(
            "The kind of thing only. Give it back; copy nothing and write nothing of it down."
        ),
        choices=Evidence.choices,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose what you looked at, or that it was their word")},
        **options,
    )


def ahead(day: date) -> None:
    if day <= timezone.localdate():
        raise ValidationError(_("The date must be in the future"))


class AskForm(forms.Form):
    """The one question, at the desk, on the telephone or from paper; and what was looked at, if anything."""

    ground = forms.ChoiceField(
        label=_("Which of these is true for them?"),
        choices=Ground.choices,
        widget=RadiosWithHints(
            hints={
                Ground.BENEFIT: _(
                    "For example Universal Credit, Pension Credit, Housing Benefit, Council Tax Support."
                ),
                Ground.CARER: _("Of anybody, at any age."),
                Ground.HARDSHIP: _("Whatever the reason; nobody has to prove it."),
            }
        ),
        error_messages={"required": _("Choose one; ask them if you are not sure")},
    )
    evidence = forms.ChoiceField(
        label=_("What did you look at?"),
        help_text=_(
            "The kind of thing only. Give it back; copy nothing and write nothing of it down."
        ),
        choices=[("", _("Nothing yet")), *Evidence.choices],
        required=False,
        widget=RadiosWithHints,
    )
    words = _free(
        _("In their own words"),
        required=False,
        help_text=_("Only if they want to say more."),
    )
    via = forms.ChoiceField(
        label=_("How did they ask?"),
        choices=[choice for choice in Via.choices if choice[0] != Via.ONLINE],
        initial=Via.DESK,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose how they asked")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


class GrantForm(forms.Form):
    """What was looked at; a lead may set the day on which it is looked at again."""

    evidence = _evidence()
    review_on = DateField(
        label=_("When is it to be looked at again?"),
        required=False,
        help_text=_("Empty for two years from today."),
        validators=[ahead],
    )

    def __init__(self, *args: Any, lead: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not lead:
            del self.fields["review_on"]


class RefuseForm(forms.Form):
    """The reasons, as the person reads them."""

    reasons = _free(
        _("Why not? In words for the person"),
        REASONS_AT_MOST,
        help_text=_("How to have it looked at again, and what stays free, is added by itself."),
        error_messages={"required": _("Write why, in words for the person")},
    )


class AppealForm(forms.Form):
    """They want it looked at again."""

    appeal_via = forms.ChoiceField(
        label=_("How did they say so?"),
        choices=[choice for choice in Via.choices if choice[0] != Via.ONLINE],
        initial=Via.DESK,
        widget=RadiosWithHints,
    )
    appeal_words = _free(
        _("What do they say?"), required=False, help_text=_("They need not give a reason.")
    )


class ProposeForm(forms.Form):
    """What the first of two thinks."""

    optional_words: ClassVar = {"proposed_reasons": _("(only when it is not to be granted)")}

    proposal = forms.ChoiceField(
        label=_("What do you think?"),
        choices=Concession.Proposal.choices,
        widget=RadiosWithHints,
        error_messages={"required": _("Choose what you think")},
    )
    proposed_reasons = _free(_("Why not? In words for the person"), REASONS_AT_MOST, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("proposal") == Concession.Proposal.REFUSE and not (
            data.get("proposed_reasons") or self.errors.get("proposed_reasons")
        ):
            self.add_error("proposed_reasons", _("Write why, in words for the person"))
        return data
