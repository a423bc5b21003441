"""The addresses of cards: the till for everybody, printing and replacing for the desk."""

from __future__ import annotations

from django.urls import path

from members.cards.views import till

urlpatterns = [
    path("c/<str:code>", till.scanned, name="card_scanned"),
    path("till/", till.till, name="till"),
    path("till/<str:code>/", till.till, name="till_of_shop"),
]
