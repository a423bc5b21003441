"""The everyday words that lead to a topic."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_WORDS = 60
LONGEST_SYNONYM = 100
LONGEST_PHRASE = 200


class LinesField(forms.CharField):
    """A text area whose value is its lines: trimmed, none empty, none twice."""

    widget = forms.Textarea

    def __init__(self, *, longest: int, most: int = MOST_WORDS, **kwargs: Any) -> None:
        self.longest = longest
        self.most = most
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        lines = list(dict.fromkeys(" ".join(line.split()) for line in text.splitlines()))
        lines = [line for line in lines if line]
        for line in lines:
            if len(line) > self.longest:
                raise ValidationError(
                    _("“%(start)s…” is too long: at most %(most)d letters in a line."),
                    params={"start": line[:30], "most": self.longest},
                )
        if len(lines) > self.most:
            raise ValidationError(
                _("At most %(most)d lines. You wrote %(count)d."),
                params={"most": self.most, "count": len(lines)},
            )
        return lines


class TopicWordsForm(forms.Form):
    """The everyday words that lead to a topic."""

    synonyms = LinesField(
        longest=LONGEST_SYNONYM,
        label=_("Other words for it"),
        help_text=_("One on each line, such as “chiropody”."),
    )
    phrases = LinesField(
        longest=LONGEST_PHRASE,
        label=_("What people say"),
        help_text=_("One on each line, as somebody would say it: “I can’t cut my nails”."),
    )
