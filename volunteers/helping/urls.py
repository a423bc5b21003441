"""Addresses of asking for help, finding somebody, and the visit."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from volunteers.helping.views import (
    answering,
    asking,
    board,
    finding,
    one,
    own,
    series,
    taken,
    thanks,
    triage,
    visits,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("help-from-a-volunteer/", asking.ask, name="ask_help"),
    path("help-from-a-volunteer/sent/", asking.sent, name="ask_help_sent"),
    path("desk/people/<uuid:person_id>/help/", asking.ask_for, name="ask_help_for"),
    path("desk/help/", board.board, name="help_board"),
    path("desk/help/look/<uuid:organisation_id>/", finding.look, name="help_look"),
    path("desk/help/<uuid:request_id>/", one.one, name="help_one"),
    path("desk/help/<uuid:request_id>/triage/", triage.triage_page, name="help_triage"),
    path("desk/help/<uuid:request_id>/pass-on/", triage.pass_on_page, name="help_pass_on"),
    path("desk/help/<uuid:request_id>/unfilled/", triage.unfilled, name="help_unfilled"),
    path("desk/help/<uuid:request_id>/cancel/", triage.cancel, name="help_cancel"),
    path("desk/help/<uuid:request_id>/told/", one.told, name="help_told"),
    path("desk/help/<uuid:request_id>/offer/", finding.offer, name="help_offer"),
    path("desk/help/<uuid:request_id>/visit/", visits.agree, name="help_visit"),
    path("desk/help/<uuid:request_id>/series/", series.series, name="help_series"),
    path("desk/help/<uuid:request_id>/begin/", visits.begin, name="help_begin"),
    path("desk/help/<uuid:request_id>/finish/", visits.finish, name="help_finish"),
    path("desk/help/<uuid:request_id>/how/", visits.how, name="help_how"),
    path("desk/help/<uuid:request_id>/not-helped/", visits.not_helped, name="help_not_helped"),
    path("desk/help/<uuid:request_id>/thanks/", thanks.thank, name="help_thanks"),
    path("desk/help/taken/", taken.taken, name="help_taken"),
    path("desk/help/taken/<uuid:request_id>/", taken.one, name="help_taken_one"),
    path("desk/help/visits/<uuid:visit_id>/", visits.one, name="visit"),
    path("desk/help/visits/<uuid:visit_id>/cancel/", visits.cancel, name="visit_cancel"),
    path("desk/help/visits/<uuid:visit_id>/happened/", visits.happened, name="visit_happened"),
    path("desk/help/visits/<uuid:visit_id>/sheet.pdf", visits.sheet, name="visit_sheet"),
    path("desk/help/offers/<uuid:offer_id>/said/", answering.said, name="offer_said"),
    path("desk/help/offers/<uuid:offer_id>/back/", answering.take_back, name="offer_back"),
    path("volunteering/asked/", answering.mine, name="my_offers"),
    path("volunteering/asked/<uuid:offer_id>/", answering.own, name="my_offer"),
    path("my/help/", own.mine, name="my_help"),
    path("my/help/<uuid:request_id>/", own.one, name="my_help_one"),
    path("help-asked/<str:token>/", own.by_link, name="asked_link"),
    path("help-offer/no/<str:side>/", answering.said_no, name="offer_no"),
    path("help-offer/<str:token>/", answering.by_link, name="offer_link"),
]
