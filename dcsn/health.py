"""``/healthz`` (the process answers) and ``/readyz`` (database, migrations and broker are there).

Both answer before any other middleware, so that neither an unknown host name nor a database that is
gone hides what they have to say. ``/readyz`` names the parts and says yes or no, never why: it may be
asked by anybody who reaches the process, and the reasons are in the log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

log = logging.getLogger(__name__)

BROKER_SECONDS = 2


def _database() -> bool:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _migrations() -> bool:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _broker() -> bool:
    from dcsn.celery import app

    with app.connection_for_write(connect_timeout=BROKER_SECONDS) as connection:
        connection.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
        return True


PARTS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
}


def _holds(name: str, asked: Callable[[], bool]) -> bool:
    try:
        return asked()
    except Exception:  # whatever is wrong with it, the answer is "no", and the log says what
        log.exception("not ready: %s", name)
        return False


def readiness() -> dict[str, bool]:
    """Each part, asked in turn. A missing database is not asked for its migrations."""
    found: dict[str, bool] = {}
    for name, asked in PARTS.items():
        if name == "migrations" and not found["database"]:
            found[name] = False
            continue
        found[name] = _holds(name, asked)
    # Nobody else closes it here: this answer is given outside Django's request cycle of signals.
    connections.close_all()
    return found


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            response = HttpResponse("ok\n", content_type="text/plain")
        elif request.path == "/readyz":
            found = readiness()
            response = JsonResponse(
                {name: "ok" if holds else "failed" for name, holds in found.items()},
                status=200 if all(found.values()) else 503,
            )
        else:
            return self.get_response(request)
        response["Cache-Control"] = "no-store"
        return response
