"""The addresses of payments, joined to the members' own in ``members/urls.py``."""

from __future__ import annotations

from django.urls import path

from members.views.payments import banking, journal, notices, paying, takings, tokens

urlpatterns = [
    path("pay/<uuid:payment_id>/", paying.pay, name="pay"),
    path("pay/<uuid:payment_id>/back/", paying.back, name="pay_back"),
    path("pay/notices/govuk-pay/", notices.govuk_pay, name="pay_notice"),
    path("desk/payments/", takings.listing, name="payments"),
    path("desk/payments/payments.csv", takings.download, name="payments_csv"),
    path("desk/payments/journal/", journal.journal, name="journal"),
    path("desk/payments/journal.csv", journal.download, name="journal_csv"),
    path("desk/payments/tokens/<uuid:membership_id>/", tokens.of_member, name="tokens"),
    path("desk/payments/<uuid:payment_id>/", takings.one, name="payment"),
    path("desk/payments/<uuid:payment_id>/receipt.pdf", takings.receipt, name="payment_receipt"),
    path("desk/payments/<uuid:payment_id>/void/", takings.void, name="payment_void"),
    path("desk/payments/<uuid:payment_id>/refund/", takings.refund, name="payment_refund"),
    path(
        "desk/payments/<uuid:payment_id>/taken-back/", takings.taken_back, name="payment_taken_back"
    ),
    path("desk/payments/<uuid:payment_id>/follow-up/", takings.follow_up, name="payment_follow_up"),
    path("desk/payments/<uuid:payment_id>/look/", takings.look_again, name="payment_look"),
    path("desk/banking/", banking.listing, name="bankings"),
    path("desk/banking/new/", banking.count, name="banking_new"),
    path("desk/banking/<uuid:banking_id>/", banking.one, name="banking"),
    path("desk/banking/<uuid:banking_id>/undo/", banking.undo, name="banking_undo"),
    path("desk/banking/<uuid:banking_id>/reconcile/", banking.reconcile, name="banking_reconcile"),
    path("pay/pretended/<slug:provider_id>/", paying.pretend, name="pay_pretend"),
]
