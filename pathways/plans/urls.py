"""Addresses of plans: four doors (``ways.py``) to the same pages."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, path

from pathways.plans.views import agreeing, doors, reading, sharing, writing
from pathways.plans.ways import AUTHORISE, DESK, MINE, SHARED, Way


def _of_everybody(way: Way) -> Iterator[URLPattern]:
    yield way.path("", reading.plan_page)
    yield way.path("history/", reading.history, "history")
    yield way.path("history/<int:number>/", reading.version, "version")
    yield way.path("pictures/<slug:part>.jpg", reading.picture, "picture_file")
    yield way.path("words/<slug:part>/", writing.write_part, "part", how="write")
    yield way.path("words/<slug:part>/picture/", writing.change_picture, "picture", how="write")
    yield way.path(
        "words/<slug:part>/picture/remove/", writing.remove_picture, "picture_gone", how="press"
    )
    yield way.path("add/<slug:kind>/", writing.add_row, "add", how="write")
    yield way.path("change/<slug:kind>/<uuid:row_id>/", writing.change_row, "change", how="write")
    yield way.path("actions/<uuid:row_id>/end/", writing.end_action, "end_action", how="write")
    yield way.path("circle/<uuid:row_id>/leave/", writing.leave_circle, "leave", how="write")
    yield way.path("risks/<uuid:row_id>/decide/", writing.decide, "decide", how="write")


def _of_those_whose_it_is(way: Way) -> Iterator[URLPattern]:
    yield way.path("recording/", writing.change_recording, "recording", how="write")
    yield way.path("share/", sharing.share_page, "share", how="write")
    yield way.path("share/stop/", sharing.stop, "stop", how="press")
    yield way.path_for_all_readers("agree/", agreeing.agree_page, "agree")
    yield way.path_for_all_readers("print/", sharing.print_page, "print")


urlpatterns: list[URLPattern | URLResolver] = [
    path("my/plan/", doors.mine, name="my_plans"),
    path("desk/shared-plans/", doors.shared, name="shared_plans"),
    path("desk/pathways/<uuid:pathway_id>/plan/", doors.begin, name="plan_begin"),
    *_of_everybody(MINE),
    *_of_everybody(DESK),
    *_of_everybody(SHARED),
    *_of_those_whose_it_is(MINE),
    *_of_those_whose_it_is(DESK),
    path("desk/plans-to-authorise/", doors.to_authorise, name="plans_to_authorise"),
    AUTHORISE.path("", reading.plan_page),
    AUTHORISE.path("pictures/<slug:part>.jpg", reading.picture, "picture_file"),
    AUTHORISE.path("agree/", agreeing.agree_page, "agree", how="write"),
    DESK.path("state/", agreeing.move, "move", how="press"),
]
