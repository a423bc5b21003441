"""The addresses of the receiving side."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from referrals.views import desks, inbox, relaying, reply

urlpatterns: list[URLPattern | URLResolver] = [
    # --- Without an account ---
    path("reply/done/", reply.done, name="reply_done"),
    path("reply/again/", reply.again, name="reply_again"),
    path("reply/<str:token>/", reply.page, name="reply"),
    path("reply/<str:token>/who/", reply.who, name="reply_who"),
    path("reply/<str:token>/code/", reply.code, name="reply_code"),
    path("reply/<str:token>/details/", reply.details, name="reply_details"),
    path("reply/<str:token>/<slug:answer>/", reply.answer, name="reply_answer"),
    # --- Signed in, at the receiving organisation ---
    path("desk/referrals/received/", inbox.received, name="received"),
    path("desk/referrals/received/<uuid:referral_id>/", inbox.one, name="received_one"),
    path(
        "desk/referrals/received/<uuid:referral_id>/<slug:answer>/",
        inbox.answer,
        name="received_answer",
    ),
    # --- At the access point ---
    path("desk/referrals/to-tell/", relaying.tellings, name="tellings"),
    path("desk/referrals/to-tell/slips.pdf", relaying.waiting_slips, name="waiting_slips"),
    path("desk/referrals/to-tell/<uuid:telling_id>/", relaying.telling_done, name="telling_done"),
    path(
        "desk/referrals/to-tell/<uuid:telling_id>/letter.pdf",
        relaying.telling_letter,
        name="telling_letter",
    ),
    path("desk/referrals/<uuid:referral_id>/reply/", relaying.relay, name="relay"),
    path("desk/referrals/<uuid:referral_id>/new-link/", relaying.new_link, name="new_link"),
    path("desk/referrals/<uuid:referral_id>/slip.pdf", relaying.slip, name="slip"),
    # --- Registered contacts, and room ---
    path("desk/receiving/", desks.desks, name="desks"),
    path("desk/receiving/new/", desks.desk_new, name="desk_new"),
    path("desk/receiving/<uuid:organisation_id>/", desks.desk, name="desk"),
    path("desk/capacity/", desks.capacities, name="capacities"),
    path("desk/capacity/<uuid:service_id>/", desks.capacity, name="capacity"),
]
