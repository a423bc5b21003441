"""The addresses of joining; part of the members' names."""

from __future__ import annotations

from django.urls import path

from members.views.joining import desk, online, paper

urlpatterns = [
    path("join/", online.plans, name="join"),
    path("join/you/", online.you, name="join_you"),
    path("join/pay/", online.pay, name="join_pay"),
    path("join/check/", online.check, name="join_check"),
    path("join/done/", online.done, name="join_done"),
    path("join/card/", online.pay_again, name="join_pay_again"),
    path("join/clear/", online.clear, name="join_clear"),
    path("join/form.pdf", paper.form, name="join_form"),
    path("desk/members/join/<uuid:person_id>/", desk.join, name="join_at_desk"),
    path("desk/members/<uuid:membership_id>/", desk.membership, name="membership"),
    path("desk/members/<uuid:membership_id>/renew/", desk.renew, name="membership_renew"),
    path("desk/members/<uuid:membership_id>/share/", desk.share, name="membership_share"),
    path("desk/members/<uuid:membership_id>/end/", desk.end, name="membership_end"),
    path(
        "desk/members/<uuid:membership_id>/share/<uuid:share_id>/stop/",
        desk.stop_share,
        name="membership_unshare",
    ),
]
