"""The addresses of payments, joined to the members' own in ``members/urls.py``."""

from __future__ import annotations

from django.urls import path

from members.views.payments import notices, paying

urlpatterns = [
    path("pay/<uuid:payment_id>/", paying.pay, name="pay"),
    path("pay/<uuid:payment_id>/back/", paying.back, name="pay_back"),
    path("pay/notices/govuk-pay/", notices.govuk_pay, name="pay_notice"),
    path("pay/pretended/<slug:provider_id>/", paying.pretend, name="pay_pretend"),
]
