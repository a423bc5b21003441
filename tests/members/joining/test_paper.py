"""The form to join by on paper: the same questions as on the screen, in the same order, large."""

from __future__ import annotations

import io

import pdfplumber
import pytest
from django.test import Client
from django.utils import timezone

from dcsn.printing import PrintSize
from members.joining.forms import GroundForm, PayForm, PlanForm, WhoForm
from members.joining.paper import MOST_SHARERS, boxes, form_pdf, lines_for_sharers
from members.models import Plan
from tests.factories.membership import PlanTermsFactory

pytestmark = pytest.mark.django_db


def lines_of(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return " ".join(" ".join(page.extract_text().split()) for page in document.pages)


@pytest.mark.parametrize("size", PrintSize)
def test_the_questions_stand_in_the_order_of_the_screen(plan: Plan, size: PrintSize) -> None:
    said = lines_of(form_pdf(size))
    screen = [
        str(field.label)
        for form in (PlanForm(), WhoForm(), PayForm(), GroundForm())
        for field in form.visible_fields()
        if field.name != "remember"
    ]
    places = [said.find(label) for label in screen]
    assert -1 not in places, [label for label in screen if label not in said]
    # Each is looked for behind the one before it: "Postcode" also stands in a hint.
    at = 0
    for label in screen:
        at = said.index(label, at) + 1


def test_the_pages_of_the_screen_ask_in_that_order(
    client: Client, plan: Plan, who: dict[str, str]
) -> None:
    pages = [client.get("/join/").text]
    client.post("/join/", {"plan": "one"})
    pages.append(client.get("/join/you/").text)
    client.post("/join/you/", who)
    pages.append(client.get("/join/pay/").text)
    client.post("/join/pay/", {"pay": "cannot"})
    pages.append(client.get("/join/cannot-pay/").text)
    text, at = "".join(pages), 0
    for box in boxes():
        at = text.index(f'name="{box.name}', at) + 1


def test_the_price_is_on_it_and_cash_is_not_posted(plan: Plan) -> None:
    said = lines_of(form_pdf(PrintSize.LARGE))
    assert "One person: £10 a year" in said
    assert "I cannot pay" in said
    assert "Put no cash into an envelope" in said


def test_there_are_as_many_lines_for_sharers_as_the_largest_plan_has_room_for(plan: Plan) -> None:
    asked = "Who shares it, if it is for several people?"
    assert plan.people_at_most == 1
    assert asked not in lines_of(form_pdf(PrintSize.CLEAR))
    Plan.objects.filter(pk=plan.pk).update(people_at_most=4)
    assert len(lines_for_sharers()) == 3
    assert asked in lines_of(form_pdf(PrintSize.CLEAR))
    Plan.objects.filter(pk=plan.pk).update(people_at_most=20)
    assert len(lines_for_sharers()) == MOST_SHARERS


def test_anybody_may_have_it_in_three_sizes_and_a_new_price_is_a_new_form(
    client: Client, plan: Plan
) -> None:
    for size in PrintSize:
        answer = client.get(f"/join/form.pdf?size={size:d}")
        assert answer["Content-Type"] == "application/pdf"
    PlanTermsFactory(plan=plan, valid_from=timezone.localdate(), price_pence=1200)
    again = client.get("/join/form.pdf?size=18")
    data = b"".join(again.streaming_content) if again.streaming else again.content
    assert "£12 a year" in lines_of(data)
