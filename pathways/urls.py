"""Addresses of this app; each part adds its own list here (rows: ``tests/access/rows/pathways.py``)."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from pathways.budgets.urls import urlpatterns as budgets
from pathways.carers.urls import urlpatterns as carers
from pathways.fhir.urls import urlpatterns as fhir
from pathways.figures.urls import urlpatterns as figures
from pathways.joining.urls import urlpatterns as joining
from pathways.outcomes.urls import urlpatterns as outcomes
from pathways.plans.urls import urlpatterns as plans
from pathways.reviews.urls import urlpatterns as reviews
from pathways.views.beginning import ask, ask_sent, begin
from pathways.views.caseload import calendar, caseload, my_calendar
from pathways.views.kinds import kind, kinds
from pathways.views.pathway import change, pathway, timeline

app_name = "pathways"

urlpatterns: list[URLPattern | URLResolver] = [
    path("coordinator/", ask, name="ask"),
    path("coordinator/sent/", ask_sent, name="ask_sent"),
    path("desk/people/<uuid:person_id>/pathway/", begin, name="begin"),
    path("desk/pathways/", caseload, name="caseload"),
    path("desk/pathways/my-calendar/", my_calendar, name="my_calendar"),
    path("desk/pathways/kinds/", kinds, name="kinds"),
    path("desk/pathways/kinds/<uuid:kind_id>/", kind, name="kind"),
    path("pathways/calendar/<str:token>/pathways.ics", calendar, name="calendar"),
    path("desk/pathways/<uuid:pathway_id>/", pathway, name="pathway"),
    *fhir,
    *figures,
    *outcomes,
    *reviews,
    path("desk/pathways/<uuid:pathway_id>/change/", change, name="change"),
    path("desk/pathways/<uuid:pathway_id>/happened/", timeline, name="timeline"),
    *joining,
    *carers,
    *plans,
    *budgets,
]
