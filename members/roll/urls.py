"""The addresses of the roll, joined to the members' own in ``members/urls.py``."""

from __future__ import annotations

from django.urls import path

from members.roll import views

urlpatterns = [
    path("desk/members/", views.listing, name="members"),
    path("desk/members/members.csv", views.export, name="members_csv"),
]
