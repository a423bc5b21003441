"""Equality answers go in and are never read back beside a person."""

from __future__ import annotations

import ast
import io
from pathlib import Path

import pdfplumber
import pytest
from django.conf import settings
from django.urls import reverse

from dcsn.audit.models import Event
from members.forms.equality import EqualityForm
from members.models import EqualityAnswers, Person
from tests.factories.equality import EqualityAnswersFactory
from tests.factories.person import PersonFactory

pytestmark = pytest.mark.django_db
PAPER = reverse("members:equality_paper")


@pytest.fixture
def person(desk):
    return PersonFactory(organisation=desk)


@pytest.fixture
def staff(cast, client_as):
    return client_as(cast.access_point_staff)


def address(person):
    return reverse("members:person_equality", args=[person.id])


def test_answers_are_put_away_and_what_is_left_out_is_empty(staff, person):
    answer = staff.post(address(person), {"sex": "female", "religion": "rather_not"}, follow=True)
    assert "nobody here can look them up" in answer.text
    kept = EqualityAnswers.objects.get()
    assert (kept.person, kept.sex, kept.religion, kept.ethnic_group) == (
        person,
        "female",
        "rather_not",
        "",
    )
    event = Event.objects.get(type="equality:recorded")
    assert (event.subject, event.fields, event.details) == (person.id, [], {})


def test_the_form_opens_empty_whatever_was_answered(staff, person):
    EqualityAnswersFactory(person=person)
    text = staff.get(address(person)).text
    assert " checked" not in text
    assert EqualityForm.base_fields, "there is something that could have been checked"


def test_what_is_handed_in_again_replaces_all_of_it(staff, person):
    EqualityAnswersFactory(person=person, sex="female", ethnic_group="arab")
    staff.post(address(person), {"sex": "male"})
    kept = EqualityAnswers.objects.get()
    assert (kept.sex, kept.ethnic_group) == ("male", "")


def test_an_answer_that_is_none_of_the_choices_changes_nothing(staff, person):
    EqualityAnswersFactory(person=person)
    assert staff.post(address(person), {"sex": "=1+1"}).status_code == 422
    assert EqualityAnswers.objects.get().sex == "female"


def test_every_question_may_be_declined():
    for name in EqualityAnswers.QUESTIONS:
        field = EqualityAnswers._meta.get_field(name)
        assert field.choices[-1][0] == "rather_not", name
        assert field.blank, name


def test_no_page_about_a_person_says_what_was_answered(cast, client_as, person):
    """Every page of theirs that opens with the person's id, as everybody who may open it."""
    EqualityAnswersFactory(
        person=person, ethnic_group="white_roma", religion="sikh", orientation="bisexual",
        partnership="civil", reduced="a_little",
    )  # fmt: skip
    said = ("White: Roma", "Sikh", "Bisexual", "In a civil partnership", "Yes, a little",
            "white_roma", "a_little")  # fmt: skip
    names = ["person", "person_change", "person_circle", "person_names", "person_emergency",
             "person_consent", "person_flags", "person_named_contact"]  # fmt: skip
    for role in ("access_point_staff", "hub_lead"):
        client = client_as(cast.with_role(role))
        for name in names:
            text = client.get(reverse(f"members:{name}", args=[person.id])).text
            for words in said:
                assert words not in text, (role, name)


def test_there_is_no_way_from_a_person_to_their_answers():
    related = {relation.related_model for relation in Person._meta.related_objects}
    assert EqualityAnswers not in related
    field = EqualityAnswers._meta.get_field("person")
    assert field.remote_field.hidden
    with pytest.raises(AttributeError):
        Person().equalityanswers  # noqa: B018


# Where the table may be named: where it is made, handed in, copied for the person, and counted.
MAY_NAME_IT = {
    "members/models/__init__.py",
    "members/forms/equality.py",
    "members/actions/equality.py",
    "members/privacy.py",
    "members/views/merging.py",  # only to leave them out of what it counts
}


def test_no_other_code_reads_them():
    """A view that wants them fails here before it is reviewed. Counting, in totals of five and more,
    is added to the list when somebody writes it."""
    naming = set()
    for path in sorted(Path(settings.BASE_DIR).rglob("*.py")):
        inside = path.relative_to(settings.BASE_DIR).as_posix()
        if inside.split("/")[0] not in ("dcsn", "directory", "members", "referrals"):
            continue
        if "/migrations/" in inside or "/management/" in inside:
            continue
        tree = ast.parse(path.read_text())
        named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        imported = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        if "EqualityAnswers" in named | imported:
            naming.add(inside)
    assert naming == MAY_NAME_IT


@pytest.mark.parametrize("size", [18, 24])
def test_the_paper_asks_the_same_in_the_same_order_and_has_no_name(staff, person, size):
    pdf = staff.get(PAPER, {"size": size})
    assert pdf["Content-Type"] == "application/pdf"
    with pdfplumber.open(io.BytesIO(pdf.content)) as document:
        text = " ".join("\n".join(page.extract_text() for page in document.pages).split())
        # A box of 1 em and its frame of 1.5 points.
        boxes = [
            rect
            for page in document.pages
            for rect in page.rects
            if abs(rect["width"] - size - 3) < 0.5 and abs(rect["height"] - size - 3) < 0.5
        ]
    screen = EqualityForm()
    position = -1
    for field in screen:
        found = text.find(str(field.label), position + 1)
        assert found > position, field.label
        position = found
        for _value, label in field.field.choices:
            found = text.find(str(label), position + 1)
            assert found > position, label
            position = found
    assert len(boxes) == sum(len(field.field.choices) for field in screen)
    assert person.family_name not in text


def test_a_size_that_is_none_is_large(staff):
    assert "large-print" in staff.get(PAPER, {"size": "nonsense"})["Content-Disposition"]


def test_a_stranger_hands_nothing_in(cast, client_as, person):
    client = client_as(cast.stranger("access_point_staff"))
    assert client.post(address(person), {"sex": "male"}).status_code == 404
    assert client_as(cast.membership_officer).post(address(person), {}).status_code in (302, 403)
    assert not EqualityAnswers.objects.exists()
