"""The addresses of the sums; included by ``members/urls.py``."""

from __future__ import annotations

from django.urls import path

from members.sums import views

urlpatterns = [
    path("desk/sums/", views.sums, name="sums"),
    path("desk/sums/sums.csv", views.sums_csv, name="sums_csv"),
]
