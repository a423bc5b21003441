"""The pages of one's own account, and of the administrator who looks after all of them."""

from __future__ import annotations

from django.urls import path

from dcsn.accounts import views

app_name = "accounts"
urlpatterns = [
    path("account/", views.home, name="home"),
]
