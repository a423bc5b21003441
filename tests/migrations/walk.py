"""Walk every migration back and forward over a database full of the demonstration network.

Run by ``test_filled_tables.py`` as a program of its own, with ``DATABASE_URL`` naming an empty database
that it may do what it likes with. Prints one JSON line: what was walked and what was lost.

Filled once; each app's migrations are walked on a copy of that, from its last to its first. Each is undone
(with what other apps have built upon it), done again over its own app's rows, and undone for the next. One
migration at a time: the executor, asked for many, makes classes of every model anew for each operation of
each of them, which takes many times as long.
"""

from __future__ import annotations

import io
import json
import sys

import django
from psycopg import sql

# What an undone migration may take away, because the earlier tables have no room for it.
MEANT = {("volunteers.0007_claims_rates_references", "volunteers_mileagerate")}


def filled_name() -> str:
    """The database that the copies are made of."""
    from django.conf import settings

    return f"{settings.DATABASES['default']['NAME']}_filled"


def main() -> int:
    django.setup()
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.loader import MigrationLoader

    ours = {c.label for c in apps.get_app_configs() if c.path.startswith(str(settings.BASE_DIR))}
    ours = {label for label in ours if ".venv" not in apps.get_app_config(label).path}
    loader = MigrationLoader(None)

    def tables_at(app: str, name: str) -> set[str]:
        """Our tables that exist once ``app`` stands at ``name``: their rows must survive the walk."""
        models = loader.project_state((app, name)).models.values()
        return {
            model.options.get("db_table") or f"{model.app_label}_{model.name_lower}"
            for model in models
            if model.app_label in ours and model.options.get("managed", True)
        }

    def counts(tables: set[str]) -> dict[str, int]:
        with connection.cursor() as cursor:
            found = {}
            for table in sorted(tables):
                cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
                found[table] = cursor.fetchone()[0]
        return found

    def step_back(app: str, name: str) -> None:
        """To ``name``, undoing one by one what came after, the latest first."""
        for migration, _backwards in MigrationExecutor(connection).migration_plan([(app, name)]):
            MigrationExecutor(connection).migrate([], plan=[(migration, True)])

    def manage(*statements: str) -> None:
        """Statements about the databases themselves, from a connection to another one."""
        connection.close()
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            for statement in statements:
                cursor.execute(statement)

    quiet = {"verbosity": 0, "stdout": io.StringIO()}
    call_command("migrate", **quiet)
    call_command("load_demonstration", stdout=io.StringIO())
    names = {
        app: sorted(name for label, name in loader.graph.nodes if label == app)
        for app in sorted(ours & loader.migrated_apps)
    }
    last_tables = set().union(*(tables_at(app, each[-1]) for app, each in names.items()))
    before = counts(last_tables)
    copy, filled = settings.DATABASES["default"]["NAME"], filled_name()
    manage(f"ALTER DATABASE {copy} RENAME TO {filled}")
    walked, lost = [], {}
    for app, each in names.items():
        if len(each) == 1:
            continue
        manage(f"CREATE DATABASE {copy} TEMPLATE {filled}")
        expected = dict(before)
        for earlier, later in zip(each[-2::-1], each[:0:-1], strict=True):
            remaining = tables_at(app, earlier)
            step_back(app, earlier)
            MigrationExecutor(connection).migrate([(app, later)])
            after = counts(remaining)
            for table in remaining:
                if (f"{app}.{later}", table) in MEANT:
                    expected[table] = after[table]
                elif after[table] != expected[table]:
                    lost[f"{app}.{later} {table}"] = [expected[table], after[table]]
            walked.append(f"{app}.{later}")
            print(walked[-1], file=sys.stderr, flush=True)
            step_back(app, earlier)
        manage(f"DROP DATABASE {copy} WITH (FORCE)")
    found = {"walked": walked, "lost": lost, "services": before["directory_service"]}
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
