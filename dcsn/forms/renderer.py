"""Forms in GOV.UK markup through Django's own renderer.

The markup follows govuk-frontend's ``fixtures.json`` (``tests/forms/test_markup.py`` compares them).
Two habits of Django are turned off, as the GOV.UK design system does: the browser's own ``required``
bubbles, which vanish and which screen readers often miss, and ``aria-invalid``, which says the same
thing a second time after the linked error message.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _

from dcsn.forms.widgets import DatePartsInput

# The class that GOV.UK gives a control, by the widget's type; subclasses come before their parents.
CONTROL_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.Textarea, "govuk-textarea"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.RadioSelect, ""),
    (forms.CheckboxSelectMultiple, ""),
    (forms.Select, "govuk-select"),
    (forms.FileInput, "govuk-file-upload"),
    (forms.widgets.Input, "govuk-input"),
)


def control_class(widget: forms.Widget) -> str:
    """The GOV.UK class of a widget's control, or nothing for groups of controls."""
    for kind, name in CONTROL_CLASSES:
        if isinstance(widget, kind):
            return name
    return ""


class GovukBoundField(BoundField):
    """A field of a form, with the ids, classes and links that GOV.UK's markup needs."""

    @property
    def hint_id(self) -> str:
        return f"{self.auto_id}-hint"

    @property
    def error_id(self) -> str:
        return f"{self.auto_id}-error"

    @property
    def error_target(self) -> str:
        """The id that the error summary links to: the first control of a group, else the control."""
        widget = self.field.widget
        if isinstance(widget, (forms.MultiWidget, forms.RadioSelect, forms.CheckboxSelectMultiple)):
            return f"{self.auto_id}_0"
        return self.id_for_label or self.auto_id

    @property
    def marked_optional(self) -> bool:
        """Whether the label says "(optional)". A form that only searches sets mark_optional False."""
        return (
            not self.field.required
            and getattr(self.form, "mark_optional", True)
            and not isinstance(self.field.widget, forms.CheckboxInput)
        )

    @property
    def optional_words(self) -> str:
        """What the mark says: a form's ``optional_words`` names the fields that one answer demands."""
        words = getattr(self.form, "optional_words", {}).get(self.name)
        return str(words or _("(optional)"))

    @property
    def is_single_checkbox(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def aria_describedby(self) -> str | None:  # type: ignore[override]
        if self.field.widget.attrs.get("aria-describedby"):
            return None
        ids = []
        if self.auto_id and not self.is_hidden:
            if self.help_text:
                ids.append(self.hint_id)
            if self.errors:
                ids.append(self.error_id)
        return " ".join(ids)

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        built.pop("required", None)
        built.pop("aria-invalid", None)
        if widget.is_hidden:
            return built
        if isinstance(widget, DatePartsInput):
            for error in self.form.errors.as_data().get(self.name, []):
                built["data-error-parts"] = " ".join(
                    (error.params or {}).get("parts", widget.PARTS)
                )
        name = control_class(widget)
        if name:
            classes = [name, *str(widget.attrs.get("class", "")).split()]
            if self.errors and name != "govuk-checkboxes__input":
                classes.append(f"{name}--error")
            built["class"] = " ".join(dict.fromkeys(classes))
        return built


class GovukRenderer(TemplatesSetting):
    """Every form, field and widget in GOV.UK markup."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = GovukBoundField


@dataclass(frozen=True)
class ErrorLink:
    """One line of the error summary; ``target`` is empty for an error of the whole form."""

    text: str
    target: str


def error_links(form: forms.BaseForm) -> Iterator[ErrorLink]:
    """The lines of a form's error summary in the order of its fields, whole-form errors first."""
    for message in form.non_field_errors():
        yield ErrorLink(str(message), "")
    for name in form.fields:
        if name not in form.errors:
            continue
        field = form[name]
        target = "" if field.is_hidden else getattr(field, "error_target", field.auto_id)
        for message in form.errors[name]:
            yield ErrorLink(str(message), target)
