"""The addresses of safeguarding concerns."""

from __future__ import annotations

from django.urls import path

from referrals.safeguarding import views

urlpatterns = [
    path("desk/safeguarding/", views.queue, name="concerns"),
    path("desk/safeguarding/raised/", views.mine, name="my_concerns"),
    path("desk/safeguarding/raised/<uuid:concern_id>/", views.raised, name="concern_raised"),
    path("desk/safeguarding/raise/<str:kind>/<uuid:identifier>/", views.new, name="concern_new"),
    path("desk/safeguarding/<uuid:concern_id>/", views.one, name="concern"),
    path("desk/safeguarding/<uuid:concern_id>/letter.pdf", views.letter, name="concern_letter"),
]
