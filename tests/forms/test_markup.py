"""Our forms give GOV.UK's own markup, compared with the fixtures that govuk-frontend ships.

Compared as trees: attributes without order, classes as sets, text without extra spaces. Ids and names
follow Django (``id_name``), so each case uses the fixture's ids through ``auto_id`` and field names.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings

from dcsn.forms import CheckboxesWithHints, DateField, PrefixInput, RadiosWithHints
from dcsn.forms.templatetags.govuk_forms import error_lines

COMPONENTS = Path(settings.BASE_DIR) / "node_modules/govuk-frontend/dist/govuk/components"
VOID = {"input", "br", "hr", "img"}


class Tree(HTMLParser):
    """A page as nested tuples: (tag, attributes, children)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root: list[Any] = []
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {
            name: " ".join(sorted((value or "").split())) if name == "class" else value
            for name, value in attrs
        }
        node: tuple[str, tuple[Any, ...], list[Any]] = (tag, tuple(sorted(found.items())), [])
        self.open[-1].append(node)
        if tag not in VOID:
            self.open.append(node[2])

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if text := " ".join(data.split()):
            self.open[-1].append(text)


def tree(html: str) -> list[Any]:
    parser = Tree()
    parser.feed(html)
    return parser.root


def fixture(component: str, name: str) -> str:
    path = COMPONENTS / component / "fixtures.json"
    found = {case["name"]: case["html"] for case in json.loads(path.read_text())["fixtures"]}
    return found[name]


def form(**fields: forms.Field) -> type[forms.Form]:
    return type("TestForm", (forms.Form,), fields)


def refuse(message: str) -> Any:
    def validator(value: Any) -> None:
        raise forms.ValidationError(message)

    return validator


def rendered(field: forms.Field, name: str, data: dict[str, Any] | None = None) -> str:
    return str(form(**{name: field})(data, auto_id="%s")[name].as_field_group())


NI_HINT = (
    "It’s on your National Insurance card, benefit letter, payslip or P60. "
    "For example, ‘QQ 12 34 56 C’."
)
NI_ERROR = "Enter a National Insurance number in the correct format"


def test_text_box() -> None:
    field = forms.CharField(label="National Insurance number")
    assert tree(rendered(field, "test-name")) == tree(fixture("input", "default"))


def test_text_box_with_hint_and_error() -> None:
    field = forms.CharField(
        label="National insurance number", help_text=NI_HINT, validators=[refuse(NI_ERROR)]
    )
    ours = rendered(field, "with-error-hint", {"with-error-hint": "x"})
    ours = ours.replace(' value="x"', "")
    assert tree(ours) == tree(fixture("input", "with error and hint"))


def test_text_box_with_a_pound_sign_in_front() -> None:
    field = forms.CharField(label="Amount, in pounds", widget=PrefixInput(prefix="£"))
    expected = fixture("input", "with prefix").replace("input-with-prefix", "amount")
    assert tree(rendered(field, "amount")) == tree(expected)


def test_large_text_box() -> None:
    field = forms.CharField(
        label="Can you provide more detail?", widget=forms.Textarea({"rows": 5, "cols": False})
    )
    assert tree(rendered(field, "more-detail")) == tree(fixture("textarea", "default"))


def test_select_with_hint_and_error() -> None:
    choices = [(str(n), f"GOV.UK frontend option {n}") for n in (1, 2, 3)]
    field = forms.ChoiceField(
        label="Label text goes here",
        help_text="Hint text goes here",
        choices=choices,
        error_messages={"required": "Error message goes here"},
    )
    ours = rendered(field, "select-2", {})
    assert tree(ours) == tree(fixture("select", "with hint text and error message"))


def test_file_with_hint_and_error() -> None:
    field = forms.FileField(
        label="Upload a file",
        help_text="Your photo may be in your Pictures, Photos, Downloads or Desktop folder. "
        "Or in an app like iPhoto.",
        error_messages={"required": "Error message goes here"},
        widget=forms.FileInput,
    )
    ours = rendered(field, "file-upload-3", {})
    assert tree(ours) == tree(fixture("file-upload", "with error message and hint"))


def _choices(html: str, name: str) -> str:
    """Django numbers ids from 0 (``name_0``), GOV.UK leaves the first bare and goes on with ``-2``."""
    html = html.replace(f' id="{name}"', "", 1) if f'<div id="{name}"' in html else html
    for n in range(9, 0, -1):
        html = html.replace(f"{name}_{n}", f"{name}-{n + 1}")
    return html.replace(f"{name}_0", name)


def _without_group_id(nodes: list[Any], name: str) -> list[Any]:
    """Our group of choices carries the field's id; GOV.UK's has none."""
    return [
        node
        if isinstance(node, str)
        else (
            node[0],
            tuple(a for a in node[1] if not (node[0] == "div" and a == ("id", name))),
            _without_group_id(node[2], name),
        )
        for node in nodes
    ]


@pytest.mark.parametrize("case", ["default", "error"])
def test_radio_buttons(case: str) -> None:
    name = "example-default" if case == "default" else "example"
    field = forms.ChoiceField(
        label="Have you changed your name?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=RadiosWithHints,
        validators=[] if case == "default" else [refuse("Please select an option")],
    )
    data = None if case == "default" else {"example": "no"}
    ours = _without_group_id(tree(_choices(rendered(field, name, data), f"{name}")), name)
    known = fixture("radios", "default" if case == "default" else "with fieldset and error message")
    assert ours == tree(known)


def test_tick_boxes_with_hints() -> None:
    field = forms.MultipleChoiceField(
        label="Filter by",
        choices=[("a", "a thing"), ("b", "another thing"), ("c", "this thing")],
        widget=CheckboxesWithHints(
            {"class": "govuk-checkboxes--small"}, hints={"a": "hint for a thing"}
        ),
    )
    ours = _without_group_id(
        tree(_choices(rendered(field, "nationality"), "nationality")), "nationality"
    )
    assert ours == tree(fixture("checkboxes", "small with hint"))


def test_date() -> None:
    field = DateField(label="What is your date of birth?", help_text="For example, 31 3 1980")
    ours = rendered(field, "dob")
    for index, part in enumerate(("day", "month", "year")):
        ours = ours.replace(f"dob_{index}", f"dob-{part}").replace(f'"dob_{part}"', f'"{part}"')
    assert tree(ours) == tree(fixture("date-input", "default"))


def test_only_the_wrong_part_of_a_date_is_marked() -> None:
    field = DateField(label="Day")
    ours = rendered(field, "on", {"on_day": "3", "on_month": "", "on_year": "2026"})
    boxes = [line for line in ours.splitlines() if "<input" in line]
    assert [("govuk-input--error" in box) for box in boxes] == [False, True, False]
    assert "The date must include a month" in ours


def test_one_tick_box_keeps_its_label_beside_it() -> None:
    field = forms.BooleanField(label="I agree", help_text="You can change your mind.")
    ours = rendered(field, "agree", {})
    assert 'class="govuk-checkboxes__input"' in ours
    assert '<label class="govuk-label govuk-checkboxes__label" for="agree">' in ours
    assert 'aria-describedby="agree-hint agree-error"' in ours
    assert 'class="govuk-form-group govuk-form-group--error"' in ours


def test_what_need_not_be_filled_in_is_said_to_be_optional() -> None:
    assert "(optional)" in rendered(forms.CharField(label="Name", required=False), "name")
    assert "(optional)" not in rendered(forms.CharField(label="Name"), "name")
    search = form(q=forms.CharField(label="Words", required=False))
    search.mark_optional = False  # type: ignore[attr-defined]
    assert "(optional)" not in str(search()["q"].as_field_group())


def test_nothing_is_left_to_the_browsers_own_bubbles() -> None:
    ours = rendered(forms.CharField(label="Name"), "name", {})
    assert not re.search(r"<input[^>]* required", ours)
    assert "aria-invalid" not in ours


def test_the_summary_links_to_what_can_be_typed_in() -> None:
    case = form(
        name=forms.CharField(),
        how=forms.ChoiceField(choices=[("a", "A")], widget=RadiosWithHints),
        on=DateField(),
        agree=forms.BooleanField(),
    )({})
    case.add_error(None, "Something about all of it")
    targets = [line.target for line in error_lines(case)]
    assert targets == ["", "id_name", "id_how_0", "id_on_0", "id_agree"]
    page = str(case)
    assert all(f'id="{target}"' in page for target in targets if target)


def test_the_summary_takes_focus_without_a_script() -> None:
    from django.template.loader import render_to_string

    case = form(name=forms.CharField(error_messages={"required": "Enter a name"}))({})
    html = render_to_string("forms/error_summary.html", {"form": case})
    assert 'tabindex="-1" autofocus' in html
    assert '<a href="#id_name">Enter a name</a>' in html
    assert render_to_string("forms/error_summary.html", {"form": type(case)()}).strip() == ""


def test_what_people_type_is_escaped() -> None:
    field = forms.CharField(label="<b>", validators=[refuse("<i>wrong</i>")])
    ours = rendered(field, "name", {"name": '"><script>'})
    assert "<script>" not in ours
    assert "<i>" not in ours
    assert "<b>" not in ours


def test_no_attribute_is_given_twice() -> None:
    """Browsers keep the first of two, which would be the wrong type for a phone number."""
    from dcsn.forms import MoneyField, PhoneField, PostcodeField

    for field in (PhoneField(), PostcodeField(), MoneyField(), forms.EmailField()):
        ours = rendered(field, "box", {})
        (box,) = re.findall(r"<input[^>]*>", ours)
        names = re.findall(r'([a-z-]+)="', box)
        assert len(names) == len(set(names)), box
    assert 'type="tel"' in rendered(PhoneField(), "box")
