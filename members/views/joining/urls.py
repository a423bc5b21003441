"""The addresses of joining; part of the members' names."""

from __future__ import annotations

from django.urls import path

from members.views.joining import codes, desk, desk_codes, mine, online, paper

urlpatterns = [
    path("join/", online.plans, name="join"),
    path("join/you/", online.you, name="join_you"),
    path("join/pay/", online.pay, name="join_pay"),
    path("join/cannot-pay/", online.ground, name="join_ground"),
    path("join/check/", online.check, name="join_check"),
    path("join/done/", online.done, name="join_done"),
    path("join/card/", online.pay_again, name="join_pay_again"),
    path("join/clear/", online.clear, name="join_clear"),
    path("join/gift/", codes.give, name="gift"),
    path("join/gift/done/", codes.given, name="gift_done"),
    path("join/code/", codes.code, name="join_code"),
    path("join/code/you/", codes.take, name="join_by_code"),
    path("my/membership/", mine.mine, name="my_membership"),
    path("my/membership/renew/", mine.renew, name="my_renewal"),
    path("my/membership/card/", mine.card_gone, name="my_card_gone"),
    path("my/membership/cannot-pay/", mine.safety_net, name="my_safety_net"),
    path("my/membership/share/", mine.share, name="my_share"),
    path("my/membership/share/<uuid:code_id>/stop/", mine.stop_code, name="my_share_stop"),
    path("my/membership/saved/", mine.save, name="my_saving"),
    path("my/membership/saved/forget/", mine.forget_saving, name="my_saving_forget"),
    path("join/form.pdf", paper.form, name="join_form"),
    path("desk/members/join/<uuid:person_id>/", desk.join, name="join_at_desk"),
    path("desk/members/join/<uuid:person_id>/gift/", desk_codes.give, name="gift_at_desk"),
    path("desk/members/join/<uuid:person_id>/code/", desk_codes.take, name="code_at_desk"),
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
