"""The addresses of the access point."""

from __future__ import annotations

from django.urls import path

from referrals.checklists.urls import urlpatterns as checklists
from referrals.enquiry_urls import urlpatterns as enquiries
from referrals.replies.urls import urlpatterns as replies
from referrals.safeguarding.urls import urlpatterns as safeguarding
from referrals.views import answering

app_name = "referrals"
urlpatterns = [
    # --- The person answers ---
    path("answer/", answering.by_code, name="answer_code"),
    path("answer/thank-you/", answering.thanks, name="answer_thanks"),
    path("answer/<str:code>/", answering.answer, name="answer"),
    *enquiries,
    *checklists,
    *replies,
    *safeguarding,
]
