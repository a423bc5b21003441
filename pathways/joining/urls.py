"""From an action of a plan to a volunteer or an organisation."""

from __future__ import annotations

from django.urls import path

from pathways.joining.views import referral, volunteer

urlpatterns = [
    path("desk/pathways/actions/<uuid:action_id>/volunteer/", volunteer, name="action_volunteer"),
    path("desk/pathways/actions/<uuid:action_id>/refer/", referral, name="action_refer"),
]
