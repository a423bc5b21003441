"""The addresses of roles, of applying, and of the managers' board; part of ``volunteers``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from volunteers.opportunities.views import applying, board, desk_roles, five, public

# As the directory's <short:short_id>, whichever module has registered it.
ROLE = r"^volunteering/(?P<slug>[-a-zA-Z0-9_]+)-(?P<short_id>[a-z0-9]{10})/"

urlpatterns: list[URLPattern | URLResolver] = [
    # --- Everybody ---
    path("volunteering/", public.roles, name="roles"),
    path("volunteering/roles.pdf", public.sheet, name="roles_sheet"),
    path("volunteering/five-questions/", five.begin, name="five"),
    path("volunteering/five-questions/<int:number>/", five.question, name="five_question"),
    path("volunteering/five-questions/roles/", five.answers, name="five_answers"),
    path("volunteering/form.pdf", applying.paper, name="apply_paper"),
    path("volunteering/applied/", applying.done, name="applied"),
    path("volunteering/parent/<str:secret>/", applying.parent, name="parent"),
    path("volunteering/parent-thanks/", applying.parent_done, name="parent_done"),
    re_path(ROLE + "$", public.role, name="role"),
    re_path(ROLE + "apply/$", applying.apply, name="apply"),
    # --- The desk ---
    path("desk/volunteering/opportunities/", desk_roles.roles, name="desk_roles"),
    path("desk/volunteering/opportunities/new/", desk_roles.new, name="desk_role_new"),
    path(
        "desk/volunteering/opportunities/<uuid:opportunity_id>/", desk_roles.role, name="desk_role"
    ),
    path(
        "desk/volunteering/opportunities/<uuid:opportunity_id>/change/",
        desk_roles.change,
        name="desk_role_change",
    ),
    path(
        "desk/volunteering/opportunities/<uuid:opportunity_id>/move/",
        desk_roles.move,
        name="desk_role_move",
    ),
    path("desk/volunteering/", board.board, name="board"),
    path(
        "desk/volunteering/volunteers/<uuid:volunteer_id>/", board.volunteer, name="desk_volunteer"
    ),
    path("desk/volunteering/volunteers/<uuid:volunteer_id>/move/", board.move, name="desk_move"),
    path("desk/volunteering/volunteers/<uuid:volunteer_id>/step/", board.step, name="desk_step"),
    path(
        "desk/volunteering/volunteers/<uuid:volunteer_id>/suggest/",
        board.suggest,
        name="desk_suggest",
    ),
]
