"""What is typed to thank somebody, and to sign a reference."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, RadiosWithHints
from directory.models import Organisation
from members.forms.lines import NoteField, ShortField
from volunteers.actions.thanks import LONGEST


class AtOrganisationForm(forms.Form):
    """For one of these organisations; not asked where there is one."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: list[Organisation], **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self._places = {str(one.pk): one for one in places}
        if len(places) != 1:
            self.fields["organisation"] = forms.ChoiceField(
                label=_("For which organisation?"),
                choices=[(str(one.pk), one.name) for one in places],
                widget=RadiosWithHints,
                error_messages={"required": _("Choose the organisation")},
            )
            self.order_fields(["organisation"])

    @property
    def place(self) -> Organisation:
        chosen = self.cleaned_data.get("organisation")
        return self._places[chosen] if chosen else next(iter(self._places.values()))


class ThankForm(AtOrganisationForm):
    words = NoteField(
        label=_("Your words"),
        help_text=_(
            "They are sent as they stand here, in the way the volunteer chose. Name nobody who was helped."
        ),
        longest=LONGEST,
        rows=5,
        error_messages={"required": _("Write a word of thanks")},
    )
    signed = ShortField(
        label=_("From whom?"), help_text=_("As it should be signed."), longest=100, required=False
    )


class ThankForHelpForm(forms.Form):
    """Of whoever was helped; at the desk, what they said or wrote."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    words = NoteField(
        label=_("Your words"),
        help_text=_(
            "A sentence is enough. Write nothing that others should not read: your words are sent as they "
            "stand, and whoever looks after the volunteers can read them."
        ),
        longest=LONGEST,
        rows=4,
        error_messages={"required": _("Write a word of thanks")},
    )
    named = forms.BooleanField(required=False)

    def __init__(self, *args: Any, greeting: str, desk: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"key": uuid.uuid4()}, "prefix": "thanks", **kwargs})
        self.fields["named"].label = _("Sign it “%(name)s”") % {"name": greeting}
        self.fields["named"].help_text = _("Otherwise it says: “Somebody whom you helped”.")
        if desk:
            self.fields["words"].label = _("What they said or wrote")
            self.fields["words"].help_text = _(
                "In their own words, and nothing that others should not read. It is sent as it stands."
            )


class ReferenceForm(AtOrganisationForm):
    role = ShortField(
        label=_("What did they do?"),
        longest=200,
        error_messages={"required": _("Say what they did")},
    )
    from_on = DateField(label=_("From which day?"))
    until_on = DateField(
        label=_("Until which day?"),
        help_text=_("Leave it empty when they still help."),
        required=False,
    )
    text = NoteField(
        label=_("In your words"),
        help_text=_("Facts that you know yourself. The volunteer reads them."),
        longest=1500,
        rows=6,
        required=False,
    )
    purpose = ShortField(label=_("What is it for?"), longest=200, required=False)
    signed = ShortField(
        label=_("Who signs?"),
        help_text=_("Your name, and what you are."),
        longest=150,
        error_messages={"required": _("Say who signs")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begins, ends = data.get("from_on"), data.get("until_on")
        if begins and begins > timezone.localdate():
            self.add_error("from_on", _("That day is still to come"))
        if begins and ends and ends < begins:
            self.add_error("until_on", _("It must end after it began"))
        return data


class StretchOfDaysForm(forms.Form):
    """From one day to another; this year so far where nothing is said."""

    begins = DateField(label=_("From"), required=False)
    ends = DateField(label=_("Until"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        today = timezone.localdate()
        data["ends"] = data.get("ends") or today
        data["begins"] = data.get("begins") or data["ends"].replace(month=1, day=1)
        if not self.errors and data["begins"] > data["ends"]:
            self.add_error("ends", _("It must end after it began"))
        return data
