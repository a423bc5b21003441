"""A list that an organisation keeps in a spreadsheet, with a file that says which column is what."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError

from directory.models import (
    Address,
    Location,
    Organisation,
    Service,
    Taxonomy,
    TaxonomyTerm,
)
from tests.directory.importing import command, run

pytestmark = pytest.mark.django_db

MAPPING = """
sheet = "Groups"
first_line = 3

[columns]
name = "Group"
summary = "What it is"
phone = "Tel"
times = "When"
ages = "Ages"
cost = "Cost"
place = "Where"
address = "Street"
postcode = "Postcode"
topics = "Topics"
access = "Getting in"
confidential = "Secret"
checked_on = "Checked"
languages = "Languages"

[always]
organisation = "Villages Together"
town = "Ourtown"
"""
HEADER = ["Group", "What it is", "Tel", "When", "Ages", "Cost", "Where", "Street", "Postcode",
          "Topics", "Getting in", "Secret", "Checked", "Languages"]  # fmt: skip
TEA = ["Tea and talk", "Tea.", "01632 960 001 / 01632 960 002", "Tue 2pm-4pm; 1st Sat of the month 10am-noon",
       "50+", "Free", "The Hall", "1 Green Lane", "ab34dj", "Lunch clubs; unheard of",
       "no steps; toilet; no lift", "", datetime(2026, 11, 3), "Polish"]  # fmt: skip
YOGA = ["Yoga", "Stretch.", "", "ask at the door", "grown-ups", "£4 a class", "the  hall", "1 Green lane",
        "AB3 4DJ", "", "", "", "", ""]  # fmt: skip
REFUGE = ["Refuge", "Safe.", "01632 960 461", "", "", "", "14 Hidden Grove", "14 Hidden Grove",
          "AB3 4DK", "", "", "yes", "", ""]  # fmt: skip
NAMELESS = ["", "Something", *[""] * 12]


def spreadsheet(folder: Path, *rows: list) -> tuple[Path, Path]:
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    sheet = book.create_sheet("Groups")
    sheet.append(["Villages Together, list of groups"])
    sheet.append([])
    for row in (HEADER, *rows):
        sheet.append(row)
    path, mapping = folder / "groups.xlsx", folder / "groups.toml"
    book.save(path)
    mapping.write_text(MAPPING, encoding="utf-8")
    return path, mapping


@pytest.fixture
def topic():
    return TaxonomyTerm.objects.create(
        taxonomy=Taxonomy.objects.create(name="Topics"), name="Lunch clubs", slug="lunch-clubs"
    )


def test_a_list_lands_with_its_problems_said(tmp_path, topic):
    path, mapping = spreadsheet(tmp_path, TEA, YOGA, REFUGE, NAMELESS, TEA)

    said = command(str(path), "--mapping", str(mapping), "--source-name", "Villages")

    assert said[-1] == "3 created, 0 updated, 0 unchanged, 5 problems"
    assert "groups.xlsx, line 4, Topics: One topic is not a topic here and was left out." in said
    assert "groups.xlsx, line 5, Ages: The ages could not be read and were kept as words." in said
    assert "groups.xlsx, line 5, When: The times could not be read and were kept as words." in said
    assert "groups.xlsx, line 7, Group: It has no name and was left out." in said
    assert any(line.startswith("groups.xlsx, line 8, Group: Another line") for line in said)
    tea = Service.objects.get(name="Tea and talk")
    assert tea.organisation.name == "Villages Together"
    assert [phone.number for phone in tea.phones.all()] == ["01632 960 001", "01632 960 002"]
    assert {(r.freq, r.weekday, r.nth) for r in tea.openingrules.all()} == {
        ("WEEKLY", 1, None),
        ("MONTHLY", 5, 1),
    }
    assert tea.openingrules.get(freq="WEEKLY").opens_at == time(14)
    assert (tea.minimum_age, tea.maximum_age, tea.cost) == (50, None, "free")
    assert tea.checked_on == date(2026, 11, 3)
    assert list(tea.terms.all()) == [topic]
    assert tea.languages.get().code == "pl"
    yoga = Service.objects.get(name="Yoga")
    assert (yoga.cost, yoga.cost_options.get().amount) == ("paid", 400)
    assert yoga.hours_note == "ask at the door"
    assert yoga.eligibility_description == "grown-ups"
    assert Organisation.objects.count() == 1


def test_two_lines_at_one_place_share_it(tmp_path, topic):
    path, mapping = spreadsheet(tmp_path, TEA, YOGA)
    run(path, mapping=mapping)
    place = Location.objects.get()
    assert place.name == "The Hall"
    assert (place.addresses.get().postal_code, place.addresses.get().city) == ("AB3 4DJ", "Ourtown")
    facts = {fact.kind: fact.value for fact in place.access_facts.all()}
    assert facts == {"step_free": "yes", "toilet": "yes", "lift": "no"}


def test_a_secret_place_keeps_no_address(tmp_path, topic):
    path, mapping = spreadsheet(tmp_path, REFUGE)
    said = command(str(path), "--mapping", str(mapping))
    assert Location.objects.get().is_confidential
    assert not Address.objects.exists()
    assert "Hidden" not in "\n".join(said)


def test_the_same_list_again_changes_nothing(tmp_path, topic):
    path, mapping = spreadsheet(tmp_path, TEA, YOGA, REFUGE)
    run(path, mapping=mapping)
    assert run(path, mapping=mapping).last_line.startswith("0 created, 0 updated, 3 unchanged")


def test_a_csv_saved_by_excel_in_britain_and_a_mapping_in_json(tmp_path):
    path, mapping = tmp_path / "list.csv", tmp_path / "list.json"
    path.write_bytes("Name,Group,Price\r\nCafé,Tŷ,£3\r\n".replace("ŷ", "y").encode("cp1252"))
    mapping.write_text(
        json.dumps({"columns": {"name": "name", "organisation": "GROUP", "price": "Price"}})
    )
    run(path, mapping=mapping)
    service = Service.objects.get()
    assert service.name == "Café"
    assert service.cost_options.get().amount == 300


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ("[columns]\nname = 'Nom'\norganisation = 'Group'", "no column called Nom"),
        ("[columns]\nname = 'Name'", "says nowhere which organisation"),
        (
            "[columns]\nname = 'Name'\norganisation = 'Group'\ncolour = 'x'",
            "mean nothing here: colour",
        ),
        ("[columns]\norganisation = 'Group'", "at least a name"),
        ("not toml", "cannot be read"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_with_a_sentence(tmp_path, mapping, sentence):
    path, chosen = tmp_path / "list.csv", tmp_path / "list.toml"
    path.write_text("Name,Group\nTea,Villages\n")
    chosen.write_text(mapping)
    with pytest.raises(CommandError, match=sentence):
        command(str(path), "--mapping", str(chosen))


def test_a_file_that_is_no_spreadsheet_is_refused(tmp_path):
    path, mapping = tmp_path / "list.xlsx", tmp_path / "list.toml"
    path.write_bytes(b"PK\x03\x04 no zip")
    mapping.write_text("[columns]\nname = 'Name'\norganisation = 'Group'")
    with pytest.raises(CommandError, match=r"not an \.xlsx"):
        command(str(path), "--mapping", str(mapping))
