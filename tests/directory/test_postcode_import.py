"""``import_postcodes``: three layouts, centres, and a second run that writes nothing."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from directory.actions.postcodes import load_postcodes, load_sector_figures
from directory.imports.postcode_files import UnknownLayout
from directory.models import PostcodePlace, Ward
from directory.wards import ward_names, ward_of
from tests.directory.shared_data import shared_data

pytestmark = pytest.mark.django_db

CODE_POINT = (
    '"DL1 1AA",10,429177,514182,"E92000001","","","","E06000005","E05001554"\n'
    '"DL1 1AB",10,429011,514680,"E92000001","","","","E06000005","E05001554"\n'
    '"DL981AA",90,0,0,"E92000001","","","","E06000005","E05001554"\n'
    '"nonsense",10,1,2,"","","","","",""\n'
)
ONSPD = (
    "pcd,pcd2,pcds,dointr,doterm,oscty,oslaua,lat,long\n"
    "DL1 1AA,DL1  1AA,DL1 1AA,198001,,E99999999,E06000005,54.522095,-1.550751\n"
    "DL1 1ZZ,DL1  1ZZ,DL1 1ZZ,198001,200106,E99999999,E06000005,54.52,-1.55\n"
    "GY1 1AA,GY1  1AA,GY1 1AA,198001,,L99999999,L99999999,99.999999,0.000000\n"
    "IM1 1AA,IM1  1AA,IM1 1AA,198001,,M99999999,M99999999,54.15,-4.48\n"
)


def written(tmp_path: Path, text: str, name: str = "postcodes.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def last_line(*args: str) -> str:
    out = StringIO()
    call_command("import_postcodes", *args, stdout=out)
    return out.getvalue().strip().splitlines()[-1]


def test_code_point_open_has_no_header_and_gives_eastings(tmp_path):
    path = written(tmp_path, CODE_POINT)

    assert last_line(str(path)) == "2 created, 0 updated, 0 unchanged, 1 problems"

    unit = PostcodePlace.objects.get(code="DL1 1AA")
    assert (unit.level, unit.area_code) == ("unit", "E06000005")
    assert unit.latitude == pytest.approx(54.522095, abs=0.0001)
    assert unit.longitude == pytest.approx(-1.550751, abs=0.0001)


def test_a_second_run_writes_nothing(tmp_path):
    path = written(tmp_path, CODE_POINT)
    call_command("import_postcodes", str(path), stdout=StringIO())
    before = list(PostcodePlace.objects.order_by("code").values())

    assert last_line(str(path)) == "0 created, 0 updated, 2 unchanged, 1 problems"
    assert list(PostcodePlace.objects.order_by("code").values()) == before


def test_onspd_leaves_out_the_terminated_and_those_without_a_position(tmp_path):
    report = load_postcodes(path=written(tmp_path, ONSPD))

    assert report.created == 2
    assert report.skipped == {"terminated": 1, "no position": 1}
    assert not PostcodePlace.objects.filter(code__in=["DL1 1ZZ", "GY1 1AA"]).exists()
    # A pseudo code for the Isle of Man is no local authority.
    assert PostcodePlace.objects.get(code="IM1 1AA").area_code == ""


def test_sectors_and_outcodes_are_the_mean_of_their_units_and_have_no_area(tmp_path):
    load_postcodes(path=written(tmp_path, CODE_POINT))

    for code, level in (("DL1 1", "sector"), ("DL1", "outcode")):
        place = PostcodePlace.objects.get(code=code)
        assert (place.level, place.units, place.area_code) == (level, 2, "")
        assert place.latitude == pytest.approx((54.522095 + 54.52658) / 2, abs=0.0001)


def test_a_file_of_one_borough_does_not_move_a_centre_made_from_many_more_units(tmp_path):
    PostcodePlace.objects.create(
        code="DL1 1", level="sector", latitude=54.6, longitude=-1.5, units=228
    )
    load_postcodes(path=written(tmp_path, CODE_POINT))
    assert PostcodePlace.objects.get(code="DL1 1").latitude == 54.6


def test_a_changed_row_is_updated(tmp_path):
    load_postcodes(path=written(tmp_path, CODE_POINT))
    moved = CODE_POINT.replace("429177,514182", "429277,514182")
    report = load_postcodes(path=written(tmp_path, moved))
    assert (report.created, report.updated, report.unchanged) == (0, 1, 1)


def test_a_folder_is_read_file_by_file(tmp_path):
    written(tmp_path, CODE_POINT.splitlines()[0] + "\n", "dl.csv")
    written(tmp_path, CODE_POINT.splitlines()[1] + "\n", "ts.csv")
    assert last_line(str(tmp_path)).startswith("2 created")


def test_a_file_of_something_else_is_refused_with_a_sentence(tmp_path):
    path = written(tmp_path, "name,age\nsomebody,3\n")
    with pytest.raises(CommandError, match="neither Code-Point Open's ten columns"):
        call_command("import_postcodes", str(path), stdout=StringIO())
    assert not PostcodePlace.objects.exists()


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CommandError, match="no file or folder"):
        call_command("import_postcodes", str(tmp_path / "none.csv"), stdout=StringIO())


def test_sector_figures_give_outcodes_too_and_do_not_replace_what_was_loaded(tmp_path):
    load_postcodes(path=written(tmp_path, CODE_POINT))
    known = PostcodePlace.objects.get(code="DL1 1").latitude
    figures = written(
        tmp_path,
        "# figures\ncode,latitude,longitude,units\nDL1 1,54.0,-1.0,228\nDL2 1,54.5,-1.4,100\n"
        "DL2 2,54.7,-1.6,300\n",
        "sectors.csv",
    )

    assert load_sector_figures(figures, source="figures") == 3
    assert load_sector_figures(figures, source="figures") == 0

    assert PostcodePlace.objects.get(code="DL1 1").latitude == known
    assert PostcodePlace.objects.get(code="DL2").latitude == pytest.approx(54.65)


WITH_WARDS = (
    "pcds,lat,long,lad25cd,wd25cd,doterm\n"
    "DL1 1AA,54.52,-1.55,E06000005,E05000001,\n"
    "DL1 1AB,54.52,-1.55,E06000005,E05000002,\n"
    "DL1 1AD,54.52,-1.55,E06000005,E05000002,\n"
    "DL1 1AE,54.52,-1.55,E06000005,,\n"
)
WARD_NAMES = "WD25CD,WD25NM\nE05000001,North Road\nE05000002,Harrowgate Hill\n"


def test_the_ward_of_a_postcode_and_of_most_of_its_sector(tmp_path):
    load_postcodes(
        path=written(tmp_path, WITH_WARDS),
        ward_names=written(tmp_path, WARD_NAMES, "names.csv"),
    )

    assert ward_of(" dl11aa") == "E05000001"
    # Two of its three units: a postcode that no file has counts there.
    assert ward_of("DL1 1ZZ") == "E05000002"
    assert ward_of("DL1 1AE") == "E05000002"
    # An outcode lies in too many wards to be counted in one.
    assert PostcodePlace.objects.get(code="DL1").ward_code == ""
    assert ward_of("DL1 9ZZ") == ""
    assert ward_of("nonsense") == ""
    assert ward_names() == {"E05000001": "North Road", "E05000002": "Harrowgate Hill"}


def test_code_point_has_wards_without_names_and_takes_no_name_away(tmp_path):
    Ward.objects.create(code="E05001554", name="Central")
    load_postcodes(path=written(tmp_path, CODE_POINT))
    assert ward_of("DL1 1AA") == "E05001554"
    assert ward_names() == {"E05001554": "Central"}


def test_a_file_without_wards_takes_none_away(tmp_path):
    load_postcodes(path=written(tmp_path, WITH_WARDS))
    load_postcodes(path=written(tmp_path, ONSPD))
    assert ward_of("DL1 1AA") == "E05000001"
    assert ward_names()["E05000001"] == "E05000001"


def test_a_ward_that_was_renamed_or_redrawn_is_updated(tmp_path):
    names = written(tmp_path, WARD_NAMES, "names.csv")
    load_postcodes(path=written(tmp_path, WITH_WARDS), ward_names=names)
    redrawn = WITH_WARDS.replace("E05000001", "E05000003")
    renamed = written(tmp_path, WARD_NAMES.replace("Harrowgate Hill", "Whinfield"), "new.csv")

    report = load_postcodes(path=written(tmp_path, redrawn), ward_names=renamed)

    assert (report.updated, report.unchanged, report.wards) == (1, 3, 2)
    assert ward_of("DL1 1AA") == "E05000003"
    assert ward_names()["E05000002"] == "Whinfield"


def test_a_table_that_names_no_wards_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(UnknownLayout, match="does not name wards"):
        load_postcodes(
            path=written(tmp_path, WITH_WARDS),
            ward_names=written(tmp_path, "name,age\nsomebody,3\n", "names.csv"),
        )
    assert not PostcodePlace.objects.exists()


def test_sector_figures_bring_their_ward_also_to_a_sector_without_one(tmp_path):
    PostcodePlace.objects.create(
        code="DL2 1", level="sector", latitude=54.5, longitude=-1.4, units=9
    )
    figures = written(
        tmp_path,
        "code,latitude,longitude,units,ward_code,ward_name\n"
        "DL2 1,54.5,-1.4,100,E05000001,North Road\nDL2 2,54.7,-1.6,300,,\n",
        "sectors.csv",
    )
    load_sector_figures(figures, source="figures")
    assert (ward_of("DL2 1AA"), ward_of("DL2 2AA")) == ("E05000001", "")
    assert ward_names() == {"E05000001": "North Road"}


@pytest.mark.shared_data
def test_the_shared_postcodes_load_whole(tmp_path):
    path = shared_data("postcodes", "codepoint_2014-08_DL.csv")

    report = load_postcodes(path=path)

    assert (report.created, report.sectors, report.outcodes) == (13_096, 68, 19)
    borough = PostcodePlace.objects.filter(area_code="E06000005")
    assert borough.count() == 2_985
    assert borough.filter(code__startswith="DL2 ").count() == 436
    assert PostcodePlace.objects.filter(level="unit", code__startswith="DL2 ").count() == 737
    # The borough had 24 wards in 2014, and every postcode in it lies in one.
    assert borough.values("ward_code").distinct().count() == 24
    assert not borough.filter(ward_code="").exists()
    assert ward_names()[ward_of("DL1 1AA")] == "Central"
