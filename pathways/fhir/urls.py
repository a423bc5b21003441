"""Addresses of the FHIR file; ``pathways.urls`` takes them in."""

from __future__ import annotations

from django.urls import path

from pathways.fhir.views import fhir, my_fhir

urlpatterns = [
    path("desk/pathways/<uuid:pathway_id>/fhir/", fhir, name="fhir"),
    path("my/plan.fhir.json", my_fhir, name="my_fhir"),
]
