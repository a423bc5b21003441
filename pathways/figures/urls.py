"""Addresses of the commissioner's report; ``pathways.urls`` takes them in."""

from __future__ import annotations

from django.urls import path

from pathways.figures.views import report_csv, report_page

urlpatterns = [
    path("desk/pathways/figures/", report_page, name="figures"),
    path("desk/pathways/figures/figures.csv", report_csv, name="figures_csv"),
]
