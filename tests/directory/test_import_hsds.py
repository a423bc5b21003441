"""The corners of HSDS: how its versions write times, owners, prices and words."""

from __future__ import annotations

import json
from datetime import date, time

import pytest

from directory.models import (
    CostOption,
    Language,
    Location,
    OpeningRule,
    Phone,
    Service,
    TaxonomyTerm,
)
from tests.directory.importing import run, tables

pytestmark = pytest.mark.django_db

BASE = {
    "organizations": "id,name\n1,Tea Club",
    "services": "id,organization_id,name\n7,1,Tea",
    "locations": "id,organization_id,name\n3,1,Hall",
    "service_at_location": "id,service_id,location_id\n5,7,3",
}
SCHEDULE = "id,service_id,location_id,service_at_location_id,freq,interval,byday,bymonthday,dtstart,valid_from,valid_to,opens_at,closes_at,description"  # noqa: E501


def schedules(folder, *rows: str) -> list[str]:
    tables(folder, **BASE, schedules="\n".join([SCHEDULE, *rows]))
    return [f"{p.column}: {p.sentence}" for p in run(folder).problems]


def shapes() -> set[tuple]:
    return {
        (rule.freq, rule.interval, rule.weekday, rule.nth, rule.monthday)
        for rule in OpeningRule.objects.all()
    }


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("WEEKLY,1,TH,,,,", {("WEEKLY", 1, 3, None, None)}),
        ('WEEKLY,,"TH,FR",,,,', {("WEEKLY", 1, 3, None, None), ("WEEKLY", 1, 4, None, None)}),
        ("WEEKLY,2,TU,,2026-01-06,,", {("WEEKLY", 2, 1, None, None)}),
        ("WEEKLY,1,,,2026-01-06,,", {("WEEKLY", 1, 1, None, None)}),
        ("MONTHLY,1,1TU,,,,", {("MONTHLY", 1, 1, 1, None)}),
        ("MONTHLY,1,-1FR,,,,", {("MONTHLY", 1, 4, -1, None)}),
        ('MONTHLY,1,"2WE,4WE",,,,', {("MONTHLY", 1, 2, 2, None), ("MONTHLY", 1, 2, 4, None)}),
        ("MONTHLY,1,,15,,,", {("MONTHLY", 1, None, None, 15)}),
        ("MONTHLY,1,,-1,,,", {("MONTHLY", 1, None, None, -1)}),
        ("MONTHLY,1,,,2026-01-09,,", {("MONTHLY", 1, None, None, 9)}),
        ("DAILY,1,,,,,", {("WEEKLY", 1, day, None, None) for day in range(7)}),
        (",,MO,,,,", {("WEEKLY", 1, 0, None, None)}),
    ],
)
def test_how_often(tmp_path, row, expected):
    assert schedules(tmp_path, f"1,7,,,{row},10:00,12:00,") == []
    assert shapes() == expected


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("WEEKLY,2,TU,,,,,10:00,12:00,", "interval"),
        ("WEEKLY,1,,,,,,10:00,12:00,", "byday"),
        ("YEARLY,1,,,2026-01-01,,,10:00,12:00,", "freq"),
        ("MONTHLY,1,,32,,,,10:00,12:00,", "byday"),
    ],
)
def test_what_cannot_be_kept_is_left_out_and_said(tmp_path, row, column):
    (problem,) = schedules(tmp_path, f"1,7,,,{row}")
    assert problem.startswith(f"{column}: ")
    assert not OpeningRule.objects.exists()
    assert Service.objects.exists()


@pytest.mark.parametrize("times", ["late,12:00", "10:00,", ",12:00", "25:00,26:00"])
def test_a_day_whose_times_cannot_be_read_is_kept_without_them(tmp_path, times):
    (problem,) = schedules(tmp_path, f"1,7,,,WEEKLY,1,MO,,,,,{times},")
    assert "only the day was kept" in problem
    rule = OpeningRule.objects.get()
    assert (rule.opens_at, rule.closes_at) == (None, None)


def test_words_without_times_become_the_service_s_note(tmp_path):
    schedules(tmp_path, "1,7,,,,,,,,,,,,By arrangement with the driver")
    assert Service.objects.get().hours_note == "By arrangement with the driver"


def test_a_schedule_of_several_owners_belongs_to_the_one_that_says_most(tmp_path):
    schedules(
        tmp_path, "1,7,3,5,WEEKLY,1,MO,,,,,10:00,12:00,", "2,,3,,WEEKLY,1,TU,,,,,10:00,12:00,"
    )
    assert OpeningRule.objects.get(weekday=0).service_at_location is not None
    assert OpeningRule.objects.get(weekday=1).location is not None


def test_dates_that_end_before_they_begin_are_left_out(tmp_path):
    (problem,) = schedules(tmp_path, "1,7,,,WEEKLY,1,MO,,,2026-05-01,2026-01-01,10:00,12:00,")
    assert problem.startswith("valid_to")
    assert OpeningRule.objects.get().valid_from is None


def test_hsds_1_names_the_day(tmp_path):
    tables(
        tmp_path,
        **BASE,
        regular_schedules=(
            "id,service_id,weekday,opens_at,closes_at\n1,7,Monday,09:00,17:00\n2,7,7,10:00,12:00"
        ),
        holiday_schedules=(
            "id,service_id,start_date,end_date,closed,opens_at,closes_at\n"
            "1,7,2026-12-25,2026-12-26,true,,\n2,7,2026-12-24,2026-12-24,false,10:00,12:00\n"
            "3,7,2026-12-31,2026-12-30,true,,\n4,7,2026-12-31,,false,,"
        ),
    )
    report = run(tmp_path)

    assert {rule.weekday for rule in OpeningRule.objects.all()} == {0, 6}
    exceptions = {
        (e.starts_on, e.ends_on, e.closed, e.opens_at)
        for e in Service.objects.get().scheduleexceptions.all()
    }
    assert exceptions == {
        (date(2026, 12, 25), date(2026, 12, 26), True, None),
        (date(2026, 12, 24), date(2026, 12, 24), False, time(10)),
    }
    assert [p.whence.line for p in report.problems] == [4, 5]


def test_a_phone_under_a_contact_is_kept_and_not_public(tmp_path):
    tables(
        tmp_path,
        **BASE,
        contacts="id,service_id,name,title\nc,7,A. Person,Manager",
        phones="id,service_id,contact_id,number\n1,7,,01632 960001\n2,,c,01632 960002",
    )
    run(tmp_path)
    public = dict(Phone.objects.values_list("number", "is_public"))
    assert public == {"01632 960001": True, "01632 960002": False}


def test_states_are_read_in_any_spelling_and_an_unknown_one_is_said(tmp_path):
    tables(
        tmp_path,
        **{
            **BASE,
            "services": (
                "id,organization_id,name,status\n7,1,A,Active\n8,1,B,temporarily_closed\n"
                "9,1,C,DEFUNCT\n10,1,D,paused"
            ),
        },
    )
    report = run(tmp_path)
    assert dict(Service.objects.values_list("name", "status")) == {
        "A": "active",
        "B": "temporarily closed",
        "C": "defunct",
        "D": "active",
    }
    assert [(p.column, p.whence.line) for p in report.problems] == [("status", 5)]


def test_prices_are_pence_and_nothing_said_is_not_known(tmp_path):
    tables(
        tmp_path,
        **{**BASE, "services": "id,organization_id,name\n7,1,A\n8,1,B\n9,1,C"},
        cost_options=(
            "id,service_id,option,amount,currency\n1,7,Adults,13.50,gbp\n2,8,All,0,GBP\n3,7,x,lots,"
        ),
    )
    report = run(tmp_path)
    assert dict(Service.objects.values_list("name", "cost")) == {
        "A": "paid",
        "B": "free",
        "C": "not_known",
    }
    assert CostOption.objects.get(option="Adults").amount == 1350
    assert [p.column for p in report.problems] == ["amount"]


def test_a_place_only_online_is_no_place_to_go_to(tmp_path):
    tables(
        tmp_path, **{**BASE, "locations": "id,organization_id,name,location_type\n3,1,Web,virtual"}
    )
    run(tmp_path)
    service = Service.objects.get()
    assert service.delivery == ["online"]
    assert service.has_no_place


def test_a_position_of_0_0_is_not_known(tmp_path):
    tables(
        tmp_path, **{**BASE, "locations": "id,organization_id,name,latitude,longitude\n3,1,H,0,0"}
    )
    run(tmp_path)
    assert Location.objects.get().latitude is None


def test_languages_are_one_row_whatever_the_source_calls_them(tmp_path):
    tables(tmp_path, **BASE, languages="id,service_id,name\n1,7,Polish\n2,7,polish")
    run(tmp_path)
    assert Language.objects.get().code == "pl"


def test_two_lists_may_call_their_terms_the_same(tmp_path):
    tables(
        tmp_path,
        **BASE,
        taxonomies="id,name\nt,Needs\nu,Needs",
        taxonomy_terms="id,name,taxonomy_id\na,Tea,t\nb,Tea,u",
    )
    run(tmp_path, source="one")
    run(tmp_path, source="two")
    assert run(tmp_path, source="one").outcome.wrote is False
    assert TaxonomyTerm.objects.filter(name="Tea").count() == 4
    assert TaxonomyTerm.objects.values("slug").distinct().count() == 4


def test_topics_can_be_browsed_only_when_asked_for(tmp_path):
    tables(tmp_path, **BASE, taxonomy_terms="id,name\na,Tea")
    run(tmp_path, topics=True)
    assert [term.name for term in TaxonomyTerm.objects.topics()] == ["Tea"]


def test_json_says_the_line_on_which_a_record_s_id_stands(tmp_path):
    path = tmp_path / "service.json"
    record = {
        "id": "7",
        "name": "Tea",
        "email": "not an address",
        "organization": {"id": "1", "name": "Club"},
    }
    path.write_text(json.dumps([record], indent=1))
    (problem,) = run(path).problems
    assert (problem.whence.file, problem.whence.line, problem.column) == (
        "service.json",
        3,
        "email",
    )
