"""Addresses of outcomes; ``pathways.urls`` takes them in."""

from __future__ import annotations

from django.urls import path

from pathways.outcomes.views import ask, my_outcomes, outcomes

urlpatterns = [
    path("desk/pathways/<uuid:pathway_id>/outcomes/", outcomes, name="outcomes"),
    path("desk/pathways/<uuid:pathway_id>/outcomes/ask/", ask, name="outcomes_ask"),
    path("my/outcomes/", my_outcomes, name="my_outcomes"),
]
