"""The one consent step: what goes to each organisation, the words that are read out, who said yes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation, Service
from members.forms.consent import WhoAgreesForm
from members.forms.lines import NoteField
from members.models import USUALLY_SHARED, Category, Consent, Purpose
from members.wordings import current_wording, spoken
from referrals.actions.referring import Wanted
from referrals.actions.sending import Agreed, OtherBasis
from referrals.forms.merging import mark_of
from referrals.models import Choice, Enquiry, Referral
from referrals.models.referral import REASON_TEXT_AT_MOST
from referrals.states import Priority

AGREES, OTHER = "agrees", "other"


@dataclass(frozen=True)
class Item:
    """A referral that may be sent: chosen on the enquiry, or prepared before."""

    service: Service
    choice: Choice | None = None
    draft: Referral | None = None
    # What the agreement with the receiver covers.
    covered: frozenset[str] = frozenset(Category.values)
    room: str = ""
    replies: str = ""

    @property
    def owner(self) -> Organisation:
        return self.service.organisation

    @property
    def prefix(self) -> str:
        return f"to-{self.service.short_id}"


class ItemForm(forms.Form):
    """One of them. ``agreed`` is ticked only after the words were read out."""

    agreed = forms.BooleanField(label=_("They agree to this"), required=False)
    reason_text = NoteField(
        label=_("What do they need?"),
        longest=REASON_TEXT_AT_MOST,
        rows=3,
        required=False,
        help_text=_("They get these words. Write only what helps them to help."),
    )
    categories = forms.MultipleChoiceField(
        label=_("What is passed on"),
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    priority = forms.ChoiceField(
        label=_("How urgent is it?"), choices=Priority.choices, required=False
    )

    mark_optional = False

    def __init__(self, data: Any, *, item: Item, enquiry: Enquiry) -> None:
        self.item = item
        super().__init__(data, prefix=item.prefix, initial=_initial(item, enquiry))
        # Boxes for what the agreement does not cover would only be refused.
        self.fields["categories"].choices = [  # type: ignore[attr-defined]
            (one.value, one.label) for one in Category if one.value in item.covered
        ]
        for name in ("categories",):
            self.fields[name].widget.attrs["data-in-place"] = True

    def clean_priority(self) -> str:
        return self.cleaned_data["priority"] or Priority.ROUTINE

    @property
    def going(self) -> list[str]:
        """What is ticked to go, in the order of the form."""
        value = self["categories"].value() or []
        return [
            one.value for one in Category if one.value in value and one.value in self.item.covered
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("agreed"):
            if not cleaned.get("categories") and "categories" not in self.errors:
                self.add_error("categories", _now("Tick what is passed on, at least their name"))
            if not cleaned.get("reason_text") and "reason_text" not in self.errors:
                self.add_error("reason_text", _now("Write in a few words what they need"))
        return cleaned

    @property
    def wanted(self) -> Wanted:
        typed = self.cleaned_data
        return Wanted(
            service=self.item.service,
            reason_text=typed["reason_text"],
            categories=typed["categories"],
            priority=typed["priority"],
            draft=self.item.draft,
        )


def _initial(item: Item, enquiry: Enquiry) -> dict[str, Any]:
    if item.draft is not None:
        return {
            "reason_text": item.draft.reason_text,
            "categories": [one for one in item.draft.categories if one in item.covered],
            "priority": item.draft.priority,
        }
    note = item.choice.note if item.choice else ""
    words = note or "\n".join(part for part in (enquiry.words, enquiry.wants) if part)
    return {
        "reason_text": words[:REASON_TEXT_AT_MOST],
        "categories": [one.value for one in USUALLY_SHARED if one.value in item.covered],
        "priority": Priority.ROUTINE,
    }


class AgreementForm(WhoAgreesForm):
    """What is true of the whole step: how they said it, who said it, until when, may we ask."""

    how = forms.ChoiceField(
        label=_("How did they say it?"),
        choices=Consent.How.choices,
        initial=Consent.How.SPOKEN,
        widget=forms.RadioSelect,
        required=False,
    )
    may_ask = forms.BooleanField(label=_("They agree to be asked how it went"), required=False)
    basis = forms.ChoiceField(
        label=_("On what other basis?"),
        choices=[
            ("", _("none: they agree")),
            *(
                (one.value, one.label)
                for one in Referral.Basis
                if one is not Referral.Basis.CONSENT
            ),
        ],
        required=False,
    )
    basis_note = NoteField(label=_("Why does it hold here?"), longest=1000, required=False, rows=2)

    mark_optional = False
    field_order = ["how", "may_ask"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Another basis may hold, and then nobody said anything.
        self.fields["given_by"].required = False

    def clean_given_by(self) -> str:
        return self.cleaned_data["given_by"] or Consent.GivenBy.THEMSELVES

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("basis") and not cleaned.get("basis_note"):
            self.add_error("basis_note", _now("Write down why this basis holds here"))
        given = cleaned.get("given_by", Consent.GivenBy.THEMSELVES)
        if given != Consent.GivenBy.THEMSELVES and not cleaned.get("who"):
            self.add_error("who", _now("Say who agreed for them: the name, and how they know them"))
        if given == Consent.GivenBy.CARER and not cleaned.get("best_interests"):
            self.add_error("best_interests", _now("Say why it is in their best interests"))
        return cleaned

    @property
    def other_basis(self) -> OtherBasis | None:
        basis = self.cleaned_data.get("basis")
        return OtherBasis(basis, self.cleaned_data["basis_note"]) if basis else None

    @property
    def agreed(self) -> Agreed:
        typed = self.cleaned_data
        return Agreed(
            how=typed["how"] or Consent.How.SPOKEN, may_ask=typed["may_ask"], **self.said_by
        )

    @property
    def has_other_basis(self) -> bool:
        return any(self[name].errors or self[name].value() for name in ("basis", "basis_note"))


def read_out(item_forms: Sequence[ItemForm]) -> dict[str, str]:
    """The sentence for each organisation, by its id: all that would go there, named."""
    together: dict[str, tuple[Organisation, set[str]]] = {}
    for form in item_forms:
        owner = form.item.owner
        together.setdefault(str(owner.id), (owner, set()))[1].update(form.going)
    wording = current_wording(Purpose.SHARE)
    return {
        key: wording.read_out(organisation=owner.name, categories=spoken(names))
        for key, (owner, names) in together.items()
    }


def mark_of_words(words: Mapping[str, str]) -> str:
    """Which words a page showed, so that others are not sent unread."""
    return mark_of([f"{key}:{text}" for key, text in words.items()])
