"""Addresses of becoming and being a volunteer; part of ``volunteers``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from volunteers.becoming.views import checks, desk, mine, new, policies, standing, suggested

_ONE = "desk/volunteering/volunteers/<uuid:volunteer_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    # --- The desk ---
    path("desk/volunteering/new/", new.find, name="desk_new"),
    path("desk/volunteering/new/form/", new.form, name="desk_new_form"),
    path(f"{_ONE}apply/", new.again, name="desk_apply"),
    path(f"{_ONE}known/", desk.known, name="desk_known"),
    path(f"{_ONE}parent/", desk.parent, name="desk_parent"),
    path(f"{_ONE}not-suitable/", desk.not_suitable, name="desk_not_suitable"),
    path(f"{_ONE}nothing-yet/", desk.nothing_yet, name="desk_nothing_yet"),
    path(f"{_ONE}checks/", checks.checks, name="desk_checks"),
    path(f"{_ONE}organisations/", standing.share, name="desk_share"),
    path(f"{_ONE}not-with/", standing.not_with, name="desk_not_with"),
    path(f"{_ONE}policies/", standing.policies, name="desk_policies"),
    path("desk/volunteering/checks/<uuid:check_id>/", checks.check, name="desk_check"),
    path("desk/volunteering/policies/", policies.policies, name="desk_policies_written"),
    path("desk/volunteering/policies/new/", policies.new, name="desk_policy_new"),
    path("desk/volunteering/policies/<uuid:policy_id>/", policies.one, name="desk_policy"),
    path(
        "desk/volunteering/applications/<uuid:application_id>/",
        standing.application,
        name="desk_application",
    ),
    # --- By link ---
    path("volunteering/suggested/<str:token>/", suggested.by_link, name="suggested"),
    # --- Their own ---
    path("my/volunteering/", mine.mine, name="my_volunteering"),
    path("my/volunteering/change/", mine.known, name="my_known"),
    path("my/volunteering/suggested/", suggested.own, name="my_suggested"),
    path("my/volunteering/policies/", mine.policies, name="my_policies"),
    path("my/volunteering/leave/", mine.leave, name="my_leaving"),
    path("my/volunteering/move/", mine.move, name="my_move"),
    path("my/volunteering/unshare/", mine.unshare, name="my_unshare"),
    path("my/volunteering/take-back/", mine.take_back, name="my_take_back"),
]
