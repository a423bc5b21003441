"""The addresses of the safety net, joined to the members' own in ``members/urls.py``."""

from __future__ import annotations

from django.urls import path

from members.safety_net import views

urlpatterns = [
    path("desk/safety-net/", views.queue, name="safety_net"),
    path("desk/safety-net/ask/<uuid:membership_id>/", views.new, name="safety_net_ask"),
    path("desk/safety-net/<uuid:concession_id>/", views.one, name="safety_net_one"),
    path(
        "desk/safety-net/<uuid:concession_id>/letters/<uuid:message_id>.pdf",
        views.letter,
        name="safety_net_letter",
    ),
]
