"""Which access point something is written down for."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from directory.models import Organisation


def offer_desks(form: forms.BaseForm, desks: Sequence[Organisation]) -> None:
    """Let ``organisation`` be one of these; where there is only one, nobody is asked."""
    field = form.fields["organisation"]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
    field.queryset = Organisation.objects.filter(id__in=[desk.id for desk in desks]).order_by(
        "sort_key"
    )
    if len(desks) == 1:
        field.initial = desks[0].id
        field.widget = forms.HiddenInput()
