"""The addresses of enquiries at the desk, and of the referrals that they become."""

from __future__ import annotations

from django.urls import path

from referrals.views import consent, enquiries, referrals

urlpatterns = [
    path("desk/enquiries/", enquiries.listing, name="enquiries"),
    path("desk/enquiries/new/", enquiries.new, name="enquiry_new"),
    path("desk/enquiries/<uuid:enquiry_id>/", enquiries.enquiry, name="enquiry"),
    path("desk/enquiries/<uuid:enquiry_id>/sheets.pdf", enquiries.sheets, name="enquiry_sheets"),
    path("desk/enquiries/<uuid:enquiry_id>/agreement/", consent.consent, name="enquiry_consent"),
    path("desk/referrals/<uuid:referral_id>/", referrals.referral, name="referral"),
    path("desk/referrals/<uuid:referral_id>/change/", referrals.change, name="referral_change"),
]
