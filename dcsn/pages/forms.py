"""Forms of the information pages and of the reader's own look."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from dcsn.forms import RadiosWithHints
from dcsn.pages.appearance import Appearance, Colours, TextSize


class AppearanceForm(forms.Form):
    """Text size and colours."""

    text_size = forms.ChoiceField(
        label=_("How large should the text be?"), choices=TextSize.choices, widget=RadiosWithHints
    )
    colours = forms.ChoiceField(
        label=_("Which colours are easiest for you?"),
        choices=Colours.choices,
        widget=RadiosWithHints,
    )

    def appearance(self) -> Appearance:
        return Appearance(
            TextSize(self.cleaned_data["text_size"]), Colours(self.cleaned_data["colours"])
        )


class InformationPageForm(forms.Form):
    """Title and text of one page."""

    title = forms.CharField(label=_("Title"), max_length=100)
    text = forms.CharField(
        label=_("Text"),
        max_length=50_000,
        widget=forms.Textarea({"rows": 20}),
        help_text=_(
            "Leave an empty line between paragraphs. Begin a heading with ## and each line of a list "
            "with -. {network}, {area}, {helpline} and {hours} are filled in for you."
        ),
    )
