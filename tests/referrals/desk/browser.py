"""A browser without scripts: reads the form of a page, types into it, presses a button."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client


class FormReader(HTMLParser):
    """The fields of the form with this id, as a browser would send them."""

    def __init__(self, form_id: str) -> None:
        super().__init__(convert_charrefs=True)
        self.form_id = form_id
        self.action = ""
        self.fields: list[tuple[str, str]] = []
        self.buttons: list[str] = []
        self._inside = False
        self._textarea: str | None = None
        self._text = ""
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = found.get("id") == self.form_id
            if self._inside:
                self.action = found["action"]
        if not self._inside:
            return
        name = found.get("name", "")
        if tag == "input" and name:
            box = found.get("type") in ("checkbox", "radio")
            if not box or "checked" in found:
                self.fields.append((name, found.get("value", "on" if box else "")))
        elif tag == "textarea":
            self._textarea, self._text = name, ""
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option" and self._select is not None:
            self._options.append((found.get("value", ""), "selected" in found))
        elif tag == "button" and name:
            self.buttons.append(found.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea" and self._textarea is not None:
            # A browser drops the line break that begins a textarea.
            self.fields.append((self._textarea, self._text.removeprefix("\n")))
            self._textarea = None
        elif tag == "select" and self._select is not None:
            chosen = [value for value, is_chosen in self._options if is_chosen]
            if self._options:
                self.fields.append((self._select, (chosen or [self._options[0][0]])[0]))
            self._select = None


class Screen:
    """One page with its form, open in one tab."""

    def __init__(self, client: Client, address: str, form_id: str = "enquiry") -> None:
        self.client = client
        self.form_id = form_id
        self.response: Any = client.get(address)
        self._read()

    def _read(self) -> None:
        parsed = FormReader(self.form_id)
        self.text = (
            self.response.content.decode()
            if "html" in self.response.headers.get("Content-Type", "")
            else ""
        )
        parsed.feed(self.text)
        self.action, self.buttons = parsed.action, parsed.buttons
        self.values: dict[str, list[str]] = {}
        for name, value in parsed.fields:
            self.values.setdefault(name, []).append(value)

    def type(self, **typed: Any) -> Screen:
        for name, value in typed.items():
            name = name.replace("__", "-")
            if value is None:
                self.values.pop(name, None)
            else:
                self.values[name] = list(value) if isinstance(value, list) else [str(value)]
        return self

    def press(self, do: str = "save", *, script: bool = False, **headers: Any) -> HttpResponse:
        """Send the form by that button. The page becomes the answer, unless a script sent it."""
        named = {"accept": "application/json"} if script else {}
        answer = self.client.post(
            self.action, {**self.values, "do": do}, headers={**named, **headers}
        )
        if not script:
            self.response = answer
            if answer.status_code in (200, 409, 422):
                self._read()
        return answer

    def button(self, beginning: str) -> str:
        """The value of the first button that begins so."""
        return next(one for one in self.buttons if one.startswith(beginning))
