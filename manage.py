#!/usr/bin/env python
"""Run a management command: ``manage.py help`` lists them."""

import os
import sys
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

BASE_DIR = Path(__file__).resolve().parent


def join_running_server() -> None:
    """In a second terminal, take the settings of the script/server that is running in the first.

    Only when no database is named, in the environment or in ``.env``: never in production.
    """
    from dotenv import dotenv_values

    left = BASE_DIR / "var" / "server.env"
    named = {"DATABASE_URL", "DATABASE_URL_FILE"}
    if named & (os.environ.keys() | dotenv_values(BASE_DIR / ".env").keys()) or not left.exists():
        return
    for name, value in dotenv_values(left).items():
        os.environ.setdefault(name, value or "")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dcsn.settings")
    join_running_server()
    try:
        settings.INSTALLED_APPS  # noqa: B018  (reads the settings: a wrong one is told in a sentence)
    except ImproperlyConfigured as error:
        sys.exit(f"{error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
