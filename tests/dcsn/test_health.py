"""``/healthz`` and ``/readyz`` against the real database and broker."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from dcsn import health


def test_the_process_answers_for_any_host_name(client: Client) -> None:
    response = client.get("/healthz", headers={"host": "10.0.0.7"})
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_the_process_answers_without_the_database(client: Client) -> None:
    # No `db` mark: pytest-django refuses any query here, so a query would fail this test.
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_all_parts_are_ready(client: Client) -> None:
    response = client.get("/readyz")
    assert response.json() == {"database": "ok", "migrations": "ok", "broker": "ok"}
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_was_not_run_is_not_ready(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'accounts' RETURNING app, name, applied"
        )
        rows = cursor.fetchall()
        assert rows
    try:
        response = client.get("/readyz")
    finally:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", rows
            )
    assert response.status_code == 503
    assert response.json() == {"database": "ok", "migrations": "failed", "broker": "ok"}


def test_the_reason_is_not_told_to_strangers(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> bool:
        raise OSError("connection to 10.1.2.3 refused for user dcsn")

    monkeypatch.setattr(health, "PARTS", {"database": gone, "migrations": gone, "broker": gone})
    response = client.get("/readyz")
    assert response.status_code == 503
    assert b"10.1.2.3" not in response.content
