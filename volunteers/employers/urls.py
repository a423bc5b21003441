"""The addresses of employers and colleges; part of ``volunteers``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from volunteers.employers import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/volunteering/employers/", views.employers, name="employers"),
    path("desk/volunteering/employers/new/", views.new, name="employer_new"),
    path("desk/volunteering/employers/<uuid:employer_id>/", views.employer, name="employer"),
    path(
        "desk/volunteering/employers/<uuid:employer_id>/change/",
        views.change,
        name="employer_change",
    ),
    path("desk/volunteering/employers/<uuid:employer_id>/end/", views.end, name="employer_end"),
    path("my/employer/", views.mine, name="my_employer"),
    path("my/volunteering/days/", views.days, name="my_days"),
    path("my/volunteering/days/<uuid:slot_id>/", views.take, name="my_day"),
]
