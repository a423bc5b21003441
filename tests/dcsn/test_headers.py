"""A shared computer keeps nothing of what was seen while signed in."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse


@pytest.mark.django_db
def test_pages_seen_while_signed_in_are_in_no_cache(cast: Any, client_as: Any) -> None:
    response = client_as(cast.coordinator).get(reverse("accounts:home"))
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_public_pages_may_be_cached(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "no-store" not in response.headers.get("Cache-Control", "")


@pytest.mark.django_db
def test_no_page_may_use_camera_microphone_or_place(client: Client) -> None:
    policy = client.get("/")["Permissions-Policy"]
    assert {"camera=()", "microphone=()", "geolocation=()"} <= set(policy.split(", "))
