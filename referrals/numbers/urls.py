"""The addresses of the figures."""

from __future__ import annotations

from django.urls import path

from referrals.numbers import views

app_name = "numbers"
urlpatterns = [
    path("figures/", views.public_page, name="public"),
    path("figures/figures.csv", views.public_csv, name="public_csv"),
    path("desk/numbers/", views.hub_page, name="hub"),
    path("desk/numbers/numbers.csv", views.hub_csv, name="hub_csv"),
    path("desk/numbers/network/", views.network_page, name="network"),
    path("desk/numbers/network/network.csv", views.network_csv, name="network_csv"),
]
