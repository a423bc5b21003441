"""The address of the recruitment figures; part of ``volunteers``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from volunteers.recruitment import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/volunteering/figures/", views.figures, name="figures"),
    path("desk/volunteering/figures.csv", views.figures_csv, name="figures_csv"),
]
