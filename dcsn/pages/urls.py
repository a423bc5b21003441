"""Addresses of the information pages."""

from __future__ import annotations

from django.urls import path

from dcsn.access.decorators import open_during_set_up
from dcsn.pages import desk, views

app_name = "pages"

urlpatterns = [
    path("pages/<slug:slug>/", views.page, name="page"),
    path("appearance/", open_during_set_up(views.appearance), name="appearance"),
    path("brand.css", open_during_set_up(views.brand), name="brand"),
    path("favicon.ico", open_during_set_up(views.icon), name="icon"),
    path("desk/pages/", desk.desk, name="desk"),
    path("desk/pages/<slug:slug>/", desk.change, name="change"),
]
