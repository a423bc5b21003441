"""Narrowing the audit trail down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dcsn.audit.types import all_types


class TrailForm(forms.Form):
    """All by GET. ``account``, ``about`` and ``before`` come from links and are not typed."""

    mark_optional = False

    type = forms.ChoiceField(label=_("What happened"), required=False)
    account = forms.UUIDField(required=False, widget=forms.HiddenInput)
    about = forms.UUIDField(required=False, widget=forms.HiddenInput)
    before = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["type"].choices = [  # type: ignore[attr-defined]
            ("", _("Everything")),
            *(
                (event_type.name, event_type.in_words())
                for event_type in all_types()
                if not event_type.left_out_of_copy
            ),
        ]
