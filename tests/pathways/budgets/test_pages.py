"""Budgets' pages: by oneself without a trace, loaded by a council, agreed, spent, taken out."""

from __future__ import annotations

import io
import json
import logging
import re
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.audit import SystemJob
from dcsn.audit.models import Event
from dcsn.limits.models import Tally
from dcsn.limits.rates import Rate
from pathways.actions import ledger
from pathways.actions.budgets import agree
from pathways.budgets.export import COLUMNS
from pathways.budgets.views import estimate
from pathways.models import Account, AllocationVersion, Budget, LedgerEntry
from tests.conftest import Cast
from tests.factories.pathways import (
    BudgetFactory,
    PathwayFactory,
    PlanFactory,
    allocation_version,
)
from tests.factories.person import PersonFactory, access_point

pytestmark = pytest.mark.django_db
TESTS = SystemJob("tests")
ANSWERS = {"q1": "help", "q2": "risk"}
GOOD = "Meals,I manage,0\nMeals,I need help,12\nSafety,Safe,0\nSafety,At risk,30"


@pytest.fixture
def pathway(cast: Cast) -> Any:
    person = PersonFactory(
        organisation=access_point(cast.organisation_id),
        family_name="Secretname",
        user=cast.member,
    )
    return PathwayFactory(person=person, coordinator=cast.coordinator)


@pytest.fixture
def budget(pathway: Any) -> Budget:
    row = BudgetFactory(plan=PlanFactory(pathway=pathway, in_place=True))
    ledger.pay_in(budget=row, source=Account.COUNCIL, pence=50_000, key=uuid.uuid4(), by=TESTS)
    return row


def day(of: date, name: str) -> dict[str, int]:
    return {f"{name}_day": of.day, f"{name}_month": of.month, f"{name}_year": of.year}


def words_of(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return " ".join(" ".join(page.extract_text() for page in document.pages).split())


# --- By oneself ---------------------------------------------------------------------------------------


def test_the_estimate_shows_its_working_and_keeps_nothing(caplog: Any) -> None:
    allocation_version()
    client = Client()
    client.get(reverse("pathways:estimate"))
    # All but the limiter's count: a keyed hash and a number (``dcsn.limits``).
    tables = [model for model in apps.get_models() if model._meta.managed and model is not Tally]
    before = {model: model._default_manager.count() for model in tables}
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as queries:
        answer = client.post(reverse("pathways:estimate"), ANSWERS)
    page = answer.content.decode()
    for said in ("£3,387.90", "£80.664294", "126,450 points", "no legal force", "−0.0356p"):
        assert said in page
    assert {model: model._default_manager.count() for model in tables} == before
    writes = ("INSERT", "UPDATE", "DELETE")
    written = [query["sql"] for query in queries if query["sql"].startswith(writes)]
    assert len(written) == 2, "the browser's and the address's count, and nothing else"
    assert all('"limits_tally"' in sql for sql in written)
    assert not [sql for sql in written if "help" in sql or "risk" in sql or "127.0.0.1" in sql]
    assert "session" not in answer.cookies
    logged = " ".join(f"{row.getMessage()} {row.__dict__}" for row in caplog.records)
    assert "risk" not in logged.replace("'name'", "")
    assert answer["Cache-Control"].find("no-store") >= 0


@pytest.mark.parametrize("size", [14, 18, 24])
def test_the_working_on_paper_says_the_same(size: int) -> None:
    allocation_version()
    answer = Client().post(reverse("pathways:estimate_sheet"), {**ANSWERS, "size": size})
    said = words_of(answer.content)
    for words in ("£3,387.90", "£80.664294", "no legal force", "42 points"):
        assert words in said


def test_what_is_not_answered_is_said_by_the_question() -> None:
    allocation_version()
    answer = Client().post(reverse("pathways:estimate"), {"q1": "help"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("Choose an answer for “Being safe”") == 2
    assert 'value="help"' in page


def test_without_figures_it_says_so() -> None:
    assert "no figures yet" in Client().get(reverse("pathways:estimate")).content.decode()


@time_machine.travel(datetime(2026, 3, 3, 12, 0, 5, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(
    ("address", "rate"),
    [("pathways:estimate", estimate.RECKONED), ("pathways:estimate_sheet", estimate.PRINTED)],
)
def test_a_program_is_stopped_with_its_answers_on_the_page_and_a_neighbour_is_not(
    address: str, rate: Rate
) -> None:
    allocation_version()
    client, typed = Client(), {**ANSWERS, "size": 14}
    client.get(reverse("pathways:estimate"))
    # Given somebody who has sent it as often as anybody ever would, but once
    assert client.post(reverse(address), typed).status_code == 200
    assert rate.times >= 20
    assert set(Tally.objects.values_list("count", flat=True)) == {1}
    Tally.objects.update(count=rate.times - 1)
    # Then the last goes through, and the next is refused
    assert client.post(reverse(address), typed).status_code == 200
    answer = client.post(reverse(address), typed)
    page = answer.content.decode()
    assert answer.status_code == 429
    assert answer["Retry-After"] == "596"
    assert page.count("wait 10 minutes, then send them again") == 1
    assert "£3,387.90" not in page, "nothing was reckoned"
    for code in ANSWERS.values():
        assert re.search(rf'value="{code}"[^>]*checked', page), "nothing chosen is lost"
    assert f'action="{reverse("pathways:estimate")}"' in page
    assert client.get(reverse("pathways:estimate")).status_code == 200, "looking is free"
    neighbour = Client()
    neighbour.get(reverse("pathways:estimate"))
    assert neighbour.post(reverse(address), typed).status_code == 200
    # And when the ten minutes are over, the same browser goes on
    with time_machine.travel(datetime(2026, 3, 3, 12, 10, 1, tzinfo=UTC), tick=False):
        assert client.post(reverse(address), typed).status_code == 200


# --- A council's own tables ---------------------------------------------------------------------------


def typed(**more: Any) -> dict[str, Any]:
    cases = ["18-64,Learning disability,40"] * 5 + ["65+,Older people,44"] * 5
    return {
        "table": GOOD,
        "cases": "\n".join(cases),
        "people": "3000",
        "budget": "12,000,000",
        "top_slice": "15",
        **day(date(2026, 4, 1), "valid_from"),
        "sources": "Cabinet paper 7",
        "equality_check": "No difference",
        "do": "look",
        **more,
    }


def test_figures_are_looked_at_signed_off_and_in_force(cast: Cast, client_as: Any) -> None:
    client = client_as(cast.finance_lead)
    address = reverse("pathways:allocation_new")
    look = client.post(address, typed())
    page = look.content.decode()
    assert not AllocationVersion.objects.exists()
    assert "Mean points of the sample" in page
    shown = look.context["form"].data["shown"]
    unsigned = client.post(address, typed(do="sign", shown=shown))
    assert "Say who signs off" in unsigned.content.decode()
    changed = client.post(address, typed(do="sign", shown=shown, people="2999", signed_off_by="Cy"))
    assert "changed since you looked" in changed.content.decode()
    assert not AllocationVersion.objects.exists()
    for _time in range(2):
        done = client.post(address, typed(do="sign", shown=shown, signed_off_by="Cy, equality"))
        assert done.status_code == 302
    version = AllocationVersion.objects.get()
    assert (version.sample_cases, version.sample_points) == (10, 420)
    assert (version.signed_off_by, version.made_by) == ("Cy, equality", cast.finance_lead)
    assert [row["mean"] for row in version.equality_table] == ["40.0", "44.0", "40.0", "44.0"]
    assert "Signed off by Cy, equality" in client.get(done.url).content.decode()
    assert "Cabinet paper 7" in Client().get(reverse("pathways:estimate_how")).content.decode()


def test_bad_figures_are_said_and_nothing_typed_is_lost(cast: Cast, client_as: Any) -> None:
    answer = client_as(cast.finance_lead).post(
        reverse("pathways:allocation_new"),
        typed(table="Meals,I manage,ten\nMeals,Help", cases="", budget="lots"),
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    for said in ("Line 1: “ten” are no points", "Line 2: 2 parts", "Paste the cases, or enter"):
        assert said in page
    for kept in ("Meals,I manage,ten", "lots", "Cabinet paper 7"):
        assert kept in page


# --- On a pathway -------------------------------------------------------------------------------------


def test_from_needs_to_an_agreed_budget(cast: Cast, client_as: Any, pathway: Any) -> None:
    allocation_version()
    PlanFactory(pathway=pathway, in_place=True)
    client = client_as(cast.coordinator)
    needs = reverse("pathways:needs", args=[pathway.pk])
    wrong = client.post(needs, {**ANSWERS, "counts_on_carer": "on"})
    assert "Say on which day the carer agreed" in wrong.content.decode()
    client.post(needs, ANSWERS)
    row = Budget.objects.get()
    address = reverse("pathways:budget", args=[row.pk])
    assert "£80.664294" in client.get(address).content.decode()
    assert address in client.get(pathway.get_absolute_url()).content.decode()
    amounts = {
        "council": "3,000.00",
        "person": "387.90",
        "total": "3,387.91",
        "because": "As reckoned",
        "version": row.version,
        **day(timezone.localdate(), "starts_on"),
    }
    propose = reverse("pathways:budget_propose", args=[row.pk])
    wrong = client.post(propose, amounts)
    assert wrong.status_code == 422
    assert "together another amount" in wrong.content.decode()
    assert "As reckoned" in wrong.content.decode()
    client.post(propose, {**amounts, "total": "3,387.90"})
    row.refresh_from_db()
    sign = reverse("pathways:budget_agree", args=[row.pk])
    client.post(sign, {"name": "The person", "version": row.version})
    client.post(sign, {"name": "Planner", "version": row.version})
    third = client_as(cast.pathway_authoriser)
    waiting = third.get(reverse("pathways:budgets_to_authorise")).content.decode()
    assert pathway.reference in waiting
    assert "Secretname" not in waiting
    authorise = reverse("pathways:budget_authorise", args=[row.pk])
    assert "Secretname" not in third.get(authorise).content.decode()
    third.post(authorise, {"name": "Authoriser", "version": row.version})
    row.refresh_from_db()
    assert row.state == "agreed"
    assert third.get(authorise).status_code == 404, "it waits for nobody any more"


def test_money_is_written_down_once_and_taken_back_with_a_reason(
    cast: Cast, client_as: Any, budget: Budget
) -> None:
    client = client_as(cast.coordinator)
    money = reverse("pathways:budget_money", args=[budget.pk])
    spent = {
        "what": "spent",
        "amount": "£20",
        "key": str(uuid.uuid4()),
        **day(timezone.localdate(), "on"),
    }
    assert "Choose on what it was spent" in client.post(money, spent).content.decode()
    for _time in range(2):
        client.post(money, {**spent, "spent_on": "days"})
    entry = LedgerEntry.objects.get(what="spent")
    assert entry.spent_on == "days"
    more = client.post(
        money, {**spent, "spent_on": "days", "amount": "501", "key": str(uuid.uuid4())}
    )
    assert "There is not as much: £480.00 is left." in more.content.decode()
    back = reverse("pathways:budget_reverse", args=[budget.pk, entry.pk])
    assert "Choose why" in client.post(back, {"key": str(uuid.uuid4())}).content.decode()
    for _time in range(2):
        client.post(back, {"key": str(uuid.uuid4()), "why": "twice"})
    assert LedgerEntry.objects.get(reverses=entry).why == "twice"
    page = client.get(reverse("pathways:budget", args=[budget.pk])).content.decode()
    assert "Taken back later" in page
    assert "−£20.00" in page
    assert Event.objects.filter(type="budget:viewed", subject=budget.pathway.person_id).exists()


def test_a_form_used_for_another_entry_is_refused_with_all_that_was_typed(
    cast: Cast, client_as: Any, budget: Budget
) -> None:
    client = client_as(cast.coordinator)
    elsewhere = ledger.pay_in(
        budget=BudgetFactory(), source=Account.COUNCIL, pence=700, key=uuid.uuid4(), by=TESTS
    )
    here = budget.entries.get()
    money = reverse("pathways:budget_money", args=[budget.pk])
    typed = {
        "what": "spent",
        "amount": "£20",
        "spent_on": "days",
        **day(timezone.localdate(), "on"),
    }
    for taken in (elsewhere.key, here.key, "not a key"):
        answer = client.post(money, {**typed, "key": str(taken)})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "sent before, for another entry" in page or "came back incomplete" in page
        assert 'value="£20"' in page
        assert 'value="days" selected' in page
        assert budget.entries.get() == here, "nothing was written down"
        fresh = answer.context["money"].data["key"]
        assert fresh != str(taken)
        assert f'name="key" value="{fresh}"' in page
    client.post(money, {**typed, "key": fresh})
    assert budget.entries.get(what="spent").key == uuid.UUID(fresh), "sent again, it is written"
    back = reverse("pathways:budget_reverse", args=[budget.pk, budget.entries.get(what="spent").pk])
    answer = client.post(back, {"key": str(elsewhere.key), "why": "twice"})
    assert answer.status_code == 422
    assert "sent before, for another entry" in answer.content.decode()
    assert not LedgerEntry.objects.exclude(reverses=None).exists()
    client.post(back, {"key": answer.context["form"].data["key"], "why": "twice"})
    assert LedgerEntry.objects.get(what="reversed").why == "twice"


def test_the_person_sees_every_penny_and_nobody_elses(
    cast: Cast, client_as: Any, budget: Budget
) -> None:
    ledger.spend(budget=budget, pence=1_234, key=uuid.uuid4(), by=TESTS, spent_on="travel")
    other = BudgetFactory()
    client = client_as(cast.member)
    page = client.get(reverse("pathways:my_budget")).content.decode()
    for said in ("£12.34", "getting about", "£487.66", "Month by month"):
        assert said in page
    sheet = client.get(reverse("pathways:my_budget_sheet", args=[budget.pk]), {"what": "money"})
    assert "£12.34" in words_of(sheet.content)
    assert client.get(reverse("pathways:my_budget_sheet", args=[other.pk])).status_code == 404
    assert "I have a code" in Client().get(reverse("pathways:my_budget")).content.decode()


def test_strangers_do_nothing_with_it(cast: Cast, client_as: Any, budget: Budget) -> None:
    for user in (cast.stranger("hub_lead"), cast.finance_lead, cast.commissioner):
        client = client_as(user)
        for name in ("propose", "agree", "money", "revise", "close"):
            answer = client.post(reverse(f"pathways:budget_{name}", args=[budget.pk]))
            assert answer.status_code in (403, 404)
    budget.refresh_from_db()
    assert (budget.state, budget.entries.count()) == ("agreed", 1)


# --- For the accounts ---------------------------------------------------------------------------------


def test_the_accounts_get_months_without_names(cast: Cast, client_as: Any, budget: Budget) -> None:
    ledger.spend(budget=budget, pence=1_234, key=uuid.uuid4(), by=TESTS, spent_on="travel")
    client = client_as(cast.finance_lead)
    answer = client.get(reverse("pathways:budget_export_json"))
    told = json.loads(answer.content)
    assert (told["layout"], told["unit"]) == (1, "pence")
    (row,) = told["rows"]
    assert list(row) == COLUMNS
    assert row["pathway"] == budget.pathway.reference
    assert (row["paid_in_council"], row["spent"], row["left"]) == (50_000, 1_234, 48_766)
    assert row["council_year"] + row["person_year"] == row["agreed_year"]
    text = client.get(reverse("pathways:budget_export_csv")).content.decode()
    assert text.splitlines()[0].lstrip("\ufeff").split(",") == COLUMNS
    for secret in ("Secretname", "travel", "getting about"):
        assert secret not in text + answer.content.decode()
    assert Event.objects.filter(type="budget:exported").count() == 2


def test_the_layout_is_documented() -> None:
    text = Path("docs/finance-export.md").read_text(encoding="utf-8")
    assert [name for name in COLUMNS if f"`{name}`" not in text] == []


def test_lists_cost_the_same_for_twice_as_many(cast: Cast, client_as: Any) -> None:
    finance, third = client_as(cast.finance_lead), client_as(cast.pathway_authoriser)
    addresses = [
        (finance, reverse("pathways:budget_export")),
        (third, reverse("pathways:budgets_to_authorise")),
    ]
    counts: list[list[int]] = []
    for _time in range(2):
        for _number in range(3):
            spent = BudgetFactory()
            ledger.pay_in(budget=spent, source=Account.PERSON, pence=5, key=uuid.uuid4(), by=TESTS)
            waits = BudgetFactory(state="proposed")
            for role in ("person", "planner"):
                agree(budget=waits, role=role, name="N", version=1, by=cast.coordinator)
        here = []
        for client, address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            here.append(len(queries))
        counts.append(here)
    assert counts[0] == counts[1]


def test_a_page_of_many_entries_costs_the_same(cast: Cast, client_as: Any, budget: Budget) -> None:
    client = client_as(cast.coordinator)
    counts = []
    for _time in range(2):
        for number in range(4):
            ledger.spend(
                budget=budget,
                pence=10,
                key=uuid.uuid4(),
                by=TESTS,
                on=timezone.localdate() - timedelta(days=number),
            )
        client.get(reverse("pathways:budget", args=[budget.pk]))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("pathways:budget", args=[budget.pk]))
        counts.append(len(queries))
    assert counts[0] == counts[1]
