"""The addresses of enquiries at the desk, and of the referrals that they become."""

from __future__ import annotations

from django.urls import path

from referrals.views import enquiries

urlpatterns = [
    path("desk/enquiries/", enquiries.listing, name="enquiries"),
    path("desk/enquiries/new/", enquiries.new, name="enquiry_new"),
    path("desk/enquiries/<uuid:enquiry_id>/", enquiries.enquiry, name="enquiry"),
    path("desk/enquiries/<uuid:enquiry_id>/sheets.pdf", enquiries.sheets, name="enquiry_sheets"),
]
