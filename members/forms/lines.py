"""Names and notes as people type them: what is wrong is said, and nothing is cut off unseen."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from members.forms.paper import OneLineField

# Besides letters and their accents; the two joiners shape Persian and Indian names.
_IN_NAMES = frozenset(" -‐’'ʼʻ`´.·,()/\u200c\u200d")
_BEGINS = frozenset("’'ʼʻ`´")


class _SaysHowLong:
    """A limit that is said instead of cut: a browser's ``maxlength`` drops the end of what is pasted
    without a word."""

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(  # type: ignore[attr-defined]
            MaxLengthValidator(
                longest,
                _("Use %(limit_value)d characters or fewer: this has %(show_value)d"),
            )
        )


class ShortField(_SaysHowLong, OneLineField):
    """One line of words. Emoji are kept: they do no harm in a note, and people write with them."""


class NoteField(_SaysHowLong, forms.CharField):
    """Some lines of words."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea({"rows": rows}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
        # A null byte is left for the field to refuse; other signs that cannot be seen go.
        kept = (c for c in text if c in "\n\x00" or unicodedata.category(c) != "Cc")
        return str(super().to_python("".join(kept)))


class PersonNameField(ShortField):
    """Part of somebody's name, in any script.

    Figures, emoji and signs are refused and said: a name with a picture in it cannot be read out,
    found again or put on an envelope, and ``=1+1`` is a formula to a spreadsheet.
    """

    default_error_messages = {
        "letters": _(
            "Use letters, spaces, hyphens, apostrophes and full stops: leave out %(signs)s"
        ),
        "begins": _("A name begins with a letter"),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("longest", 100)
        kwargs.setdefault("widget", forms.TextInput({"spellcheck": "false"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFC", super().to_python(value))

    def validate(self, value: str) -> None:
        super().validate(value)
        strange = dict.fromkeys(
            c for c in value if unicodedata.category(c)[0] not in "LM" and c not in _IN_NAMES
        )
        if strange:
            signs = ", ".join(f"“{c}”" for c in list(strange)[:5])
            raise ValidationError(
                self.error_messages["letters"], code="letters", params={"signs": signs}
            )
        if value and not (value[0].isalpha() or (value[0] in _BEGINS and value[1:2].isalpha())):
            raise ValidationError(self.error_messages["begins"], code="begins")
