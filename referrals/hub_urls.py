"""What is to be done, asking the person, and what the person sees of it."""

from __future__ import annotations

from django.urls import path

from referrals.views import answering, asking, hub, letters, mine, timeline

urlpatterns = [
    path("desk/hub/", hub.hub, name="hub"),
    path("desk/hub/promises/<uuid:enquiry_id>/kept/", hub.promise_kept, name="promise_kept"),
    path("desk/asking/letters/", letters.letters, name="letters"),
    path("desk/asking/letters.pdf", letters.letters_pdf, name="letters_pdf"),
    path("desk/asking/letters/posted/", letters.letters_posted, name="letters_posted"),
    path("desk/asking/signposts/<uuid:signpost_id>/", asking.ask_signpost, name="ask_signpost"),
    path("desk/asking/<uuid:follow_up_id>/", asking.ask, name="ask"),
    path("desk/asking/<uuid:follow_up_id>/tried/", asking.tried, name="ask_try"),
    path("desk/asking/<uuid:follow_up_id>/send/", asking.send, name="ask_send"),
    path("desk/asking/<uuid:follow_up_id>/give-up/", asking.give_up, name="ask_give_up"),
    path("desk/unhelped/<uuid:referral_id>/", asking.unhelped, name="unhelped"),
    # --- The person answers ---
    path("answer/", answering.by_code, name="answer_code"),
    path("answer/thank-you/", answering.thanks, name="answer_thanks"),
    path("answer/<str:code>/", answering.answer, name="answer"),
    # --- The person's own view ---
    path("my/", mine.by_code, name="mine_code"),
    path("my/referrals/", mine.mine, name="mine"),
    path("my/referrals/print.pdf", mine.mine_pdf, name="mine_pdf"),
    path("my/referrals/stop/", mine.stop, name="mine_stop"),
    path("my/referrals/leave/", mine.leave, name="mine_leave"),
    path("my/referrals/answer/<uuid:follow_up_id>/", mine.answer, name="mine_answer"),
    path("my/code/<str:code>/", mine.by_link, name="mine_link"),
    path("desk/people/<uuid:person_id>/their-link/", mine.hand_out, name="mine_hand_out"),
    path(
        "desk/people/<uuid:person_id>/their-referrals.pdf", mine.print_for_them, name="mine_print"
    ),
    # --- What has happened with somebody ---
    path("desk/people/<uuid:person_id>/timeline/", timeline.timeline, name="timeline"),
]
