#!/usr/bin/env python
"""Run a management command: ``manage.py help`` lists them."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dcsn.settings")
    try:
        settings.INSTALLED_APPS  # noqa: B018  (reads the settings: a wrong one is told in a sentence)
    except ImproperlyConfigured as error:
        sys.exit(f"{error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
