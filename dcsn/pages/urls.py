"""Addresses of the information pages."""

from __future__ import annotations

from django.urls import path

from dcsn.pages import views

app_name = "pages"

urlpatterns = [
    path("pages/<slug:slug>/", views.page, name="page"),
    path("appearance/", views.appearance, name="appearance"),
    path("brand.css", views.brand, name="brand"),
]
