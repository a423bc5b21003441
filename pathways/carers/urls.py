"""Addresses for carers and of those who look after them."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from pathways.carers.views import desk, emergency, estimates, mine, public

urlpatterns: list[URLPattern | URLResolver] = [
    path("carers/", public.carers, name="carers"),
    path("carers/start/", public.start, name="carer_start"),
    path("carers/form.pdf", public.paper_form, name="carer_form"),
    path("carers/granted/", public.granted, name="carer_granted"),
    path("carers/granted/plan.pdf", public.granted_plan, name="carer_granted_plan"),
    path("carers/granted/card.pdf", public.granted_wallet, name="carer_granted_wallet"),
    path("carers/finished/", public.finished, name="carer_finished"),
    path("my/caring/", mine.mine, name="my_caring"),
    path("my/caring/start/", mine.first, name="my_caring_first"),
    path("my/caring/plan/", mine.plan, name="my_emergency_plan"),
    path("my/caring/plan.pdf", mine.plan_pdf, name="my_emergency_plan_pdf"),
    path("my/caring/card.pdf", mine.wallet_pdf, name="my_wallet_card"),
    path("desk/carers/", desk.board, name="carer_board"),
    path("desk/carers/estimates/", estimates.estimates, name="carer_estimates"),
    path("desk/people/<uuid:person_id>/carer/", desk.carer, name="carer"),
    path("desk/people/<uuid:person_id>/carer/first/", desk.first, name="carer_first"),
    path("desk/people/<uuid:person_id>/carer/plan/", desk.plan, name="carer_plan"),
    path("desk/people/<uuid:person_id>/carer/plan.pdf", desk.plan_pdf, name="carer_plan_pdf"),
    path("desk/people/<uuid:person_id>/carer/card.pdf", desk.wallet_pdf, name="carer_wallet"),
    path("desk/carers/<uuid:assessment_id>/council/", desk.to_council, name="carer_to_council"),
    path("desk/carers/<uuid:assessment_id>/pathway/", desk.begin, name="carer_begin"),
    path("desk/carers/<uuid:assessment_id>/told/", desk.told_telecare, name="carer_told"),
    path("desk/carers/<uuid:assessment_id>/second/", desk.second, name="carer_second"),
    path("desk/emergency/", emergency.find, name="emergency"),
    path("desk/emergency/<uuid:plan_id>/", emergency.plan, name="emergency_plan"),
    path("desk/emergency/<uuid:plan_id>/plan.pdf", emergency.plan_sheet, name="emergency_sheet"),
]
