"""Addresses of rotas: the desk, "My shifts", and the calendar's."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from volunteers.rotas.views import calendar, desk, exchanges, mine, shift

_ROTA = "desk/volunteering/rotas/<uuid:opportunity_id>/"
_SHIFT = "desk/volunteering/shifts/<uuid:shift_id>/"
_MINE = "my/volunteering/shifts/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/volunteering/rotas/", desk.rotas, name="rotas"),
    path(_ROTA, desk.rota, name="rota"),
    path(f"{_ROTA}sheet.pdf", desk.sheet, name="rota_sheet"),
    path(f"{_ROTA}new/", desk.make, name="rota_make"),
    path(_SHIFT, shift.one, name="shift"),
    path(f"{_SHIFT}put-on/", shift.put_on, name="shift_put_on"),
    path(f"{_SHIFT}change/", shift.change, name="shift_change"),
    path(f"{_SHIFT}call-off/", shift.call_off, name="shift_call_off"),
    path("desk/volunteering/shift-places/<uuid:place_id>/", shift.place, name="shift_place"),
    path(
        "desk/volunteering/shift-places/<uuid:place_id>/exchange/",
        exchanges.desk,
        name="shift_exchange",
    ),
    path(
        "desk/volunteering/shift-exchanges/<uuid:exchange_id>/",
        exchanges.desk_said,
        name="shift_exchange_said",
    ),
    path(_MINE, mine.mine, name="my_shifts"),
    path(f"{_MINE}calendar/", mine.calendar, name="my_calendar"),
    path(f"{_MINE}<uuid:shift_id>/take/", mine.take, name="my_shift_take"),
    path(f"{_MINE}places/<uuid:place_id>/", mine.place, name="my_shift_place"),
    path(f"{_MINE}places/<uuid:place_id>/take-over/", mine.take_over, name="my_shift_take_over"),
    path(f"{_MINE}places/<uuid:place_id>/exchange/", exchanges.own, name="my_shift_exchange"),
    path(f"{_MINE}exchanges/<uuid:exchange_id>/", exchanges.own_said, name="my_exchange_said"),
    path("volunteering/calendar/<str:token>/shifts.ics", calendar.feed, name="calendar_feed"),
]
