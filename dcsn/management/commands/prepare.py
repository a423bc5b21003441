"""``manage.py prepare``: everything between an empty database and a running portal, in one process.

One command instead of four, because each start of Python and Django costs a second, and the second
``script/server`` should take less than ten. A production release runs it too: nothing in it is
particular to the demonstration unless ``DCSN_DEMONSTRATION`` says so.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate, make the cache table and, in a demonstration, load its data and sign-ins."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=min(options["verbosity"], 1))
        call_command("createcachetable", verbosity=0)
        if settings.DEMONSTRATION and "load_demonstration" in get_commands():
            call_command("load_demonstration", verbosity=options["verbosity"])
        self.stdout.write("")
        self.stdout.write(f"The portal will answer at {settings.SITE_ADDRESS}/  (Ctrl-C stops it)")
