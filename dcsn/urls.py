"""Every address of the portal. Each app owns its own list; the root only joins them."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", include("dcsn.accounts.sign_in_urls")),
    path("", include("dcsn.accounts.urls")),
]
