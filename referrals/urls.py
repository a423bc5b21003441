"""The addresses of the access point's work; each part owns its own list."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from referrals.checklists.urls import urlpatterns as checklists
from referrals.enquiry_urls import urlpatterns as enquiries
from referrals.hub_urls import urlpatterns as hub
from referrals.replies.urls import urlpatterns as replies
from referrals.safeguarding.urls import urlpatterns as safeguarding

app_name = "referrals"
urlpatterns: list[URLPattern | URLResolver] = [
    *enquiries,
    *checklists,
    *hub,
    *replies,
    *safeguarding,
]
