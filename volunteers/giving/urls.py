"""Addresses of hours, expenses, thanks, certificates and references."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from volunteers.giving.views import desk_claims, desk_hours, own_claims, own_hours, thanks, value

urlpatterns: list[URLPattern | URLResolver] = [
    path("my/volunteering/hours/", own_hours.my_hours, name="my_hours"),
    path("my/volunteering/hours/add/", own_hours.my_hours_add, name="my_hours_add"),
    path("my/volunteering/hours/<uuid:hours_id>/", own_hours.my_hours_one, name="my_hours_one"),
    path("my-hours/<str:token>/", own_hours.link_hours, name="link_hours"),
    path("my-hours/<str:token>/add/", own_hours.link_hours_add, name="link_hours_add"),
    path("my-hours/<str:token>/<uuid:hours_id>/", own_hours.link_hours_one, name="link_hours_one"),
    path("my/volunteering/expenses/", own_claims.my_claims, name="my_claims"),
    path("my/volunteering/expenses/add/", own_claims.my_claim_add, name="my_claim_add"),
    path(
        "my/volunteering/expenses/<uuid:expense_id>/claim.pdf",
        own_claims.my_claim_sheet,
        name="my_claim_sheet",
    ),
    path("my-hours/<str:token>/expenses/", own_claims.link_claims, name="link_claims"),
    path("my-hours/<str:token>/expenses/add/", own_claims.link_claim_add, name="link_claim_add"),
    path(
        "my-hours/<str:token>/expenses/<uuid:expense_id>/claim.pdf",
        own_claims.link_claim_sheet,
        name="link_claim_sheet",
    ),
    path("desk/volunteers/expenses/", desk_claims.desk, name="claims_desk"),
    path("desk/volunteers/expenses/<uuid:expense_id>/", desk_claims.one, name="claim_one"),
    path(
        "desk/volunteers/expenses/<uuid:expense_id>/claim.pdf",
        desk_claims.sheet,
        name="claim_sheet",
    ),
    path("desk/volunteers/<uuid:volunteer_id>/given/expenses/", desk_claims.add, name="claim_add"),
    path("desk/volunteers/rates/", desk_claims.rates, name="rates"),
    path("my/volunteering/certificate.pdf", thanks.my_certificate, name="my_certificate"),
    path(
        "my/volunteering/references/<uuid:reference_id>.pdf",
        thanks.my_reference,
        name="my_reference",
    ),
    path("my-hours/<str:token>/certificate.pdf", thanks.link_certificate, name="link_certificate"),
    path(
        "my-hours/<str:token>/references/<uuid:reference_id>.pdf",
        thanks.link_reference,
        name="link_reference",
    ),
    path("desk/volunteers/thanks/", thanks.desk, name="thanks_desk"),
    path("desk/volunteers/thanks/<uuid:thanks_id>/told/", thanks.told, name="thanks_told"),
    path("desk/volunteers/references/<uuid:reference_id>.pdf", thanks.reference, name="reference"),
    path("desk/volunteers/<uuid:volunteer_id>/given/thank/", thanks.thank, name="thank"),
    path(
        "desk/volunteers/<uuid:volunteer_id>/given/certificate.pdf",
        thanks.certificate,
        name="certificate",
    ),
    path(
        "desk/volunteers/<uuid:volunteer_id>/given/reference/",
        thanks.reference_new,
        name="reference_new",
    ),
    path("desk/volunteers/value/", value.page, name="hours_value"),
    path("desk/volunteers/value/value.csv", value.csv, name="hours_value_csv"),
    path("desk/volunteers/hours/", desk_hours.desk, name="hours_desk"),
    path("desk/volunteers/hours/confirm/", desk_hours.confirm, name="hours_confirm"),
    path("desk/volunteers/hours/<uuid:hours_id>/", desk_hours.one, name="hours_one"),
    path("desk/volunteers/<uuid:volunteer_id>/given/", desk_hours.given, name="given"),
    path("desk/volunteers/<uuid:volunteer_id>/given/add/", desk_hours.add, name="hours_add"),
]
