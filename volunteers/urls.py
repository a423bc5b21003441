"""Addresses of this app; each slice adds its own list here and its rows to ``tests/access/matrix.py``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from volunteers.becoming.urls import urlpatterns as becoming
from volunteers.employers.urls import urlpatterns as employers
from volunteers.giving.urls import urlpatterns as giving
from volunteers.helping.urls import urlpatterns as helping
from volunteers.opportunities.urls import urlpatterns as opportunities
from volunteers.recruitment.urls import urlpatterns as recruitment
from volunteers.rotas.urls import urlpatterns as rotas

app_name = "volunteers"

urlpatterns: list[URLPattern | URLResolver] = [
    *opportunities,
    *becoming,
    *helping,
    *recruitment,
    *rotas,
    *employers,
    *giving,
]
