"""The addresses of plans, joined to the members' own in ``members/urls.py``."""

from __future__ import annotations

from django.urls import path

from members.plans import views

urlpatterns = [
    path("desk/plans/", views.listing, name="plans"),
    path("desk/plans/new/", views.new, name="plan_new"),
    path("desk/plans/<slug:code>/", views.one, name="plan"),
    path("desk/plans/<slug:code>/change/", views.change, name="plan_change"),
    path("desk/plans/<slug:code>/price/", views.terms, name="plan_terms"),
    path(
        "desk/plans/<slug:code>/price/<uuid:terms_id>/remove/",
        views.remove,
        name="plan_terms_remove",
    ),
    path("desk/plans/<slug:code>/offer/", views.offer, name="plan_offer"),
]
