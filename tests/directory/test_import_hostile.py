"""Hostile text in any field does no harm, and a confidential address goes nowhere."""

from __future__ import annotations

import logging

import pytest

from directory.markdown import render
from directory.models import Address, Location, Organisation, Phone, Service
from tests.directory.importing import command, run, tables

pytestmark = pytest.mark.django_db

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE directory_service; --",
    "{{ settings.SECRET_KEY }}{% debug %}",
    "=HYPERLINK(0)",
    "%s %d {0} \\x00",
    "👩‍👩‍👧‍👦 ﷽ Ȧ̶͎",
    "a" * 5_000,
]


def source(folder, text: str):
    cell = '"' + text.replace('"', '""') + '"'
    return tables(
        folder,
        organizations=f"id,name,description,website,email\n1,{cell},{cell},{cell},{cell}",
        services=(
            "id,organization_id,name,description,fees,url,email,eligibility,wait_time,alert\n"
            f"7,1,{cell},{cell},{cell},{cell},{cell},{cell},{cell},{cell}"
        ),
        locations=f"id,organization_id,name,transportation,latitude\n3,1,{cell},{cell},{cell}",
        addresses=(
            f"id,location_id,address_1,city,postal_code,country\n1,3,{cell},{cell},{cell},{cell}"
        ),
        phones=f"id,service_id,number,extension,description\n1,7,{cell},{cell},{cell}",
        service_at_location="id,service_id,location_id\n1,7,3",
        schedules=(
            "id,service_id,freq,byday,opens_at,closes_at,description\n"
            f"1,7,{cell},{cell},{cell},{cell},{cell}\n2,7,WEEKLY,MO,{cell},{cell},{cell}"
        ),
        languages=f"id,service_id,name\n1,7,{cell}",
        taxonomy_terms=f"id,name\nt,{cell}",
        services_taxonomy="id,service_id,taxonomy_id\n1,7,t",
        cost_options=f"id,service_id,option,amount\n1,7,{cell},{cell}",
    )


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:12] for text in HOSTILE])
def test_hostile_text_in_every_field_lands_as_text_or_is_left_out(tmp_path, text):
    report = run(source(tmp_path, text))

    assert report.outcome.services.created == 1
    service = Service.objects.get()
    assert service.description.startswith(text[:100])
    assert not service.url
    assert not service.email
    shown = render(service.description).lower()
    assert "<script" not in shown
    assert "<img" not in shown
    assert run(source(tmp_path, text)).outcome.services.unchanged == 1


def test_control_characters_and_turned_round_writing_are_taken_out_and_said(tmp_path):
    text = "Te\x00a\x07 \u202eekac\u202c\x1b[31m"
    report = run(source(tmp_path, text))

    service = Service.objects.get()
    assert service.name == "Tea ekac[31m"
    columns = {p.column for p in report.problems if "control characters" in p.sentence}
    assert {"name", "description", "address_1", "number"} <= columns


def test_half_a_character_in_json_does_not_reach_the_database(tmp_path):
    path = tmp_path / "services.json"
    path.write_text(
        '[{"id": "x", "name": "Tea \\ud800 club", "status": "active",'
        ' "organization": {"id": "o", "name": "O\\u0000"}}]'
    )
    run(path)
    assert Service.objects.get().name == "Tea  club".replace("  ", " ")
    assert Organisation.objects.get().name == "O"


def test_fields_that_are_too_long_are_cut_between_words_and_said(tmp_path):
    report = run(source(tmp_path, "word " * 2_000))
    service = Service.objects.get()
    assert len(service.name) <= 255
    assert service.name.endswith("word…")
    cut = {p.column for p in report.problems if "was cut" in p.sentence}
    assert {"name", "wait_time"} <= cut


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("www.example.org", "https://www.example.org"),
        ("example.org/tea", "https://example.org/tea"),
        ("http://example.org:8080", "http://example.org:8080"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("ftp://example.org", ""),
        ("//example.org", ""),
        ("see our page", ""),
        ("https://", ""),
        ("https://example.org/" + "a" * 600, ""),
    ],
)
def test_web_addresses_are_made_whole_or_left_out(tmp_path, given, kept):
    tables(
        tmp_path,
        organizations="id,name\n1,O",
        services=f'id,organization_id,name,url\n7,1,Tea,"{given}"',
    )
    report = run(tmp_path)
    assert Service.objects.get().url == kept
    assert [p.column for p in report.problems] == ([] if kept else ["url"])


# --- A refuge ---------------------------------------------------------------------------------------

SECRET = ("14 Hidden Grove", "AB3 4DJ", "54.5219", "-1.5533")
REFUGE = {
    "organizations": "id,name,description\n1,Safe,Find us at 14 hidden grove (AB34DJ)",
    "services": (
        "id,organization_id,name,description\n"
        "7,1,Refuge,Ring us. We are at 14 Hidden  Grove; AB3 4DJ\n8,1,Advice,In town"
    ),
    "locations": (
        "id,organization_id,name,description,latitude,longitude,is_confidential\n"
        "3,1,14 Hidden Grove,The green door,54.5219,-1.5533,{flag}\n"
        "4,1,Office,,54.1,-1.1,\n"
        "5,1,Second list,,54.5219,-1.5533,"
    ),
    "addresses": (
        "id,location_id,address_1,city,state_province,postal_code,country\n"
        "1,3,14 Hidden Grove,Town,County,AB3 4DJ,GB\n2,4,2 High Street,Town,County,AB1 1AA,GB\n"
        "3,5,14 Hidden Grove,Town,County,AB3 4DJ,GB"
    ),
    "service_at_location": "id,service_id,location_id\n1,7,3\n2,8,4",
    "phones": "id,service_id,number\n1,7,01632 960461",
}


def everything_kept() -> str:
    """All text of all rows that an import writes."""
    from django.apps import apps

    return "\n".join(
        str(list(model._default_manager.values_list()))
        for label in ("directory", "audit")
        for model in apps.get_app_config(label).get_models()
    )


@pytest.mark.parametrize("way", ["flag", "accessibility", "attribute", "service attribute"])
def test_a_confidential_address_is_nowhere(tmp_path, caplog, capsys, way):
    caplog.set_level(logging.DEBUG)
    files = {**REFUGE, "locations": REFUGE["locations"].format(flag="yes" if way == "flag" else "")}
    if way == "accessibility":
        files["accessibility"] = "id,location_id,description\n1,3,Confidential address"
    if way == "attribute":
        files["attributes"] = "id,link_id,link_entity,label\n1,3,location,Confidential location"
    if way == "service attribute":
        files["attributes"] = "id,link_id,link_entity,value\n1,7,service,confidential address"
    tables(tmp_path, **files)

    said = command(str(tmp_path))

    assert Service.objects.count() == 2
    refuge = Service.objects.get(name="Refuge").service_at_locations.get().location
    assert refuge.is_confidential
    assert (refuge.latitude, refuge.longitude, refuge.name) == (None, None, "")
    assert Phone.objects.get().number == "01632 960461"
    surfaces = "\n".join([*said, everything_kept(), caplog.text, *capsys.readouterr()])
    squeezed = "".join(surfaces.split()).lower()
    for secret in SECRET:
        assert "".join(secret.split()).lower() not in squeezed, secret
    # The office is no secret.
    assert Address.objects.get().address_1 == "2 High Street"


def test_what_somebody_here_marked_confidential_stays_so(tmp_path):
    tables(tmp_path, **{**REFUGE, "locations": REFUGE["locations"].format(flag="")})
    run(tmp_path)
    place = Service.objects.get(name="Refuge").service_at_locations.get().location
    assert place.addresses.exists()
    place.addresses.all().delete()
    Location.objects.filter(id=place.id).update(
        is_confidential=True, latitude=None, longitude=None, precision=""
    )

    run(tmp_path)

    place.refresh_from_db()
    assert place.is_confidential
    assert place.latitude is None
    assert "hidden" not in everything_kept().lower().replace("[address not shown]", "")
