"""The addresses of people and their post."""

from __future__ import annotations

from django.urls import path

from members.views import (
    agreements,
    circle,
    consents,
    desk_paper,
    equality,
    finding,
    holds,
    opening,
    paper,
    people,
    recording,
    safety,
)

app_name = "members"
urlpatterns = [
    path("paper/", paper.paper, name="paper"),
    path("paper/done/", paper.paper_done, name="paper_done"),
    path("desk/paper/", desk_paper.queue, name="paper_queue"),
    path("desk/paper/new/", desk_paper.new, name="paper_new"),
    path("desk/paper/covers.pdf", desk_paper.covers, name="paper_covers"),
    path("desk/paper/<uuid:request_id>/", desk_paper.one, name="paper_request"),
    path("desk/paper/<uuid:request_id>/sheets.pdf", desk_paper.sheets, name="paper_sheets"),
    path("desk/paper/<uuid:request_id>/cover.pdf", desk_paper.cover, name="paper_cover"),
    path("desk/paper/<uuid:request_id>/settle/", desk_paper.settle, name="paper_settle"),
    path("desk/people/", finding.people, name="people"),
    path("desk/people/opened/", opening.openings, name="openings"),
    path("desk/people/<uuid:person_id>/open/", opening.open_person, name="person_open"),
    path("desk/people/new/", recording.new, name="person_new"),
    path("desk/people/equality.pdf", equality.equality_paper, name="equality_paper"),
    path("desk/people/<uuid:person_id>/", people.person, name="person"),
    path("desk/people/<uuid:person_id>/change/", recording.change, name="person_change"),
    path(
        "desk/people/<uuid:person_id>/named-contact/",
        recording.named_contact,
        name="person_named_contact",
    ),
    path("desk/people/<uuid:person_id>/names/", circle.names, name="person_names"),
    path(
        "desk/people/<uuid:person_id>/names/<uuid:name_id>/remove/",
        circle.remove_name,
        name="person_name_remove",
    ),
    path("desk/people/<uuid:person_id>/circle/", circle.circle, name="person_circle"),
    path(
        "desk/people/<uuid:person_id>/circle/<uuid:tie_id>/end/",
        circle.end_tie,
        name="person_tie_end",
    ),
    path(
        "desk/people/<uuid:person_id>/household/leave/",
        circle.leave_household,
        name="person_household_leave",
    ),
    path("desk/people/<uuid:person_id>/emergency/", circle.emergency, name="person_emergency"),
    path(
        "desk/people/<uuid:person_id>/emergency/<uuid:contact_id>/",
        circle.emergency_contact,
        name="person_emergency_contact",
    ),
    path("desk/people/<uuid:person_id>/safety/", safety.flags, name="person_flags"),
    path("desk/people/<uuid:person_id>/safety/<uuid:flag_id>/", safety.flag, name="person_flag"),
    path("desk/people/<uuid:person_id>/consent/", consents.consent, name="person_consent"),
    path("desk/people/<uuid:person_id>/equality/", equality.equality, name="person_equality"),
    path("desk/people/<uuid:person_id>/copy/", people.copy, name="person_copy"),
    path("desk/people/<uuid:person_id>/copy.json", people.copy_json, name="person_copy_json"),
    path("desk/people/<uuid:person_id>/withdraw/", consents.withdraw, name="person_withdraw"),
    path("desk/people/<uuid:person_id>/erase/", people.erase, name="person_erase"),
    path("desk/people/<uuid:person_id>/hold/", holds.new, name="hold_new"),
    path("desk/holds/", holds.listing, name="holds"),
    path("desk/holds/<uuid:hold_id>/", holds.one, name="hold"),
    path("desk/agreements/", agreements.listing, name="agreements"),
    path("desk/agreements/new/", agreements.new, name="agreement_new"),
    path("desk/agreements/<uuid:agreement_id>/", agreements.one, name="agreement"),
    path("desk/agreements/<uuid:agreement_id>/renew/", agreements.renew, name="agreement_renew"),
    path("desk/agreements/<uuid:agreement_id>/end/", agreements.end, name="agreement_end"),
]
