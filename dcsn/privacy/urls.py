"""The addresses of how long things are kept."""

from __future__ import annotations

from django.urls import path

from dcsn.privacy import views

app_name = "privacy"
urlpatterns = [
    path("", views.kept, name="retention"),
    path("run/", views.run, name="retention_run"),
]
