"""Every address of the portal. Each app owns its own list; the root only joins them."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", include("dcsn.accounts.sign_in_urls")),
    path("", include("dcsn.accounts.urls")),
    path("desk/done/", include("dcsn.audit.urls")),
    path("", include("dcsn.pages.urls")),
    path("", include("directory.urls")),
    path("", include("members.urls")),
    path("", include("referrals.urls")),
    path("", include("referrals.numbers.urls")),
    path("", include("volunteers.urls")),
    path("", include("pathways.urls")),
    path("", include("dcsn.jobs.urls")),
    path("desk/directory/", include("directory.desk.urls")),
    path("desk/retention/", include("dcsn.privacy.urls")),
    path("desk/messages/", include("dcsn.messages.urls")),
]

handler400 = "dcsn.error_pages.bad_request"
handler403 = "dcsn.error_pages.permission_denied"
handler404 = "dcsn.error_pages.page_not_found"
handler429 = "dcsn.error_pages.too_many_requests"  # django-allauth's, for its rate limits
handler500 = "dcsn.error_pages.server_error"
