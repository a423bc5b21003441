"""Addresses of this app; each part adds its own list here (rows: ``tests/access/rows/pathways.py``)."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from pathways.outcomes.urls import urlpatterns as outcomes
from pathways.reviews.urls import urlpatterns as reviews
from pathways.views.caseload import caseload
from pathways.views.pathway import pathway

app_name = "pathways"

# Lists of the parts, one line each: from pathways.plans.urls import urlpatterns as plans
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/pathways/", caseload, name="caseload"),
    path("desk/pathways/<uuid:pathway_id>/", pathway, name="pathway"),
    *outcomes,
    *reviews,
]
