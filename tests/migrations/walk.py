"""Walk every migration back and forward over a database full of the demonstration network.

Run by ``test_filled_tables.py`` as a program of its own, with ``DATABASE_URL`` naming an empty database
that it may do what it likes with. Prints one JSON line: what was walked and what was lost.

Filled once; each migration is walked on a copy of that, which PostgreSQL makes in less than a second.
"""

from __future__ import annotations

import io
import json
import sys

import django


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
    from django.db.migrations.loader import MigrationLoader

    ours = {c.label for c in apps.get_app_configs() if c.path.startswith(str(settings.BASE_DIR))}
    ours = {label for label in ours if ".venv" not in apps.get_app_config(label).path}

    def counts() -> dict[str, int]:
        found = {}
        for model in apps.get_models():
            if model._meta.app_label in ours and model._meta.managed:
                found[model._meta.label] = model._default_manager.count()
        return found

    loader = MigrationLoader(None)

    def kept_tables(app: str, name: str) -> set[str]:
        """The models that exist once ``app`` stands at ``name``: their rows must survive the walk."""
        state = loader.project_state((app, name))
        # Read from the description: making classes of it, as ``state.apps`` does, takes seconds each time.
        return {f"{label}.{model.name}" for (label, _name), model in state.models.items()}

    quiet = {"verbosity": 0, "stdout": io.StringIO()}
    call_command("migrate", **quiet)
    call_command("load_demonstration", stdout=io.StringIO())
    before = counts()
    copy, filled = settings.DATABASES["default"]["NAME"], filled_name()

    def manage(*statements: str) -> None:
        """Statements about the databases themselves, from a connection to another one."""
        connection.close()
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            for statement in statements:
                cursor.execute(statement)

    manage(f"ALTER DATABASE {copy} RENAME TO {filled}")
    walked, lost = [], {}
    for app in sorted(ours & loader.migrated_apps):
        names = sorted(name for label, name in loader.graph.nodes if label == app)
        for earlier, later in zip(names[-2::-1], names[:0:-1], strict=True):
            manage(f"CREATE DATABASE {copy} TEMPLATE {filled}")
            remaining = kept_tables(app, earlier)
            call_command("migrate", app, earlier, **quiet)
            call_command("migrate", **quiet)
            walked.append(f"{app}.{later}")
            after = counts()
            for label, count in before.items():
                if label in remaining and after[label] != count:
                    lost[f"{app}.{later} {label}"] = [count, after[label]]
            manage(f"DROP DATABASE {copy} WITH (FORCE)")
    print(json.dumps({"walked": walked, "lost": lost, "services": before["directory.Service"]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
