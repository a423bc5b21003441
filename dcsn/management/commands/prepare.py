"""``manage.py prepare``: everything between an empty database and a running portal, in one process.

One command instead of four, because each start of Python and Django costs a second, and the second
``script/server`` should take less than ten. A production release runs it too: nothing in it is
particular to the demonstration unless ``DCSN_DEMONSTRATION`` says so.
"""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandParser
from django.urls import reverse

from dcsn.access.roles import ROLES
from dcsn.audit import SystemJob
from directory.actions.demonstration import sign_ins
from directory.actions.reference import load_reference_data
from volunteers.giving.rates import load_rates


class Command(BaseCommand):
    help = (
        "Migrate, make the cache table, put bank holidays, who help is for and volunteers' rates into use "
        "where they are missing and, in a demonstration, load its data and sign-ins."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--notice",
            action="store_true",
            help="write progress to standard error and, to standard output, only what a person "
            "wants to read last: the address and the demonstration sign-ins",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        progress = sys.stderr if options["notice"] else self.stdout
        said = {"verbosity": min(options["verbosity"], 1), "stdout": progress}
        call_command("migrate", interactive=False, **said)
        call_command("createcachetable", verbosity=0)
        load_reference_data()
        load_rates(by=SystemJob("prepare"))
        if settings.DEMONSTRATION and "load_demonstration" in get_commands():
            call_command("load_demonstration", **said)
        if options["notice"]:
            self.stdout.write(f"The portal answers at {settings.SITE_ADDRESS}/   Ctrl-C stops it.")
            if settings.DEMONSTRATION:
                self.stdout.write(demonstration_notice())


def demonstration_notice() -> str:
    """How to sign in to the demonstration: who there is, the password, and where the code comes from."""
    accounts = sign_ins()
    lines = [f"  {entry['email']:32} {ROLES[entry['role']].name}" for entry in accounts]
    return "\n".join(
        [
            "",
            f"Sign in at {settings.SITE_ADDRESS}{reverse('account_login')} as",
            *lines,
            f"with the password   {accounts[0]['password']}",
            "and the code from   .venv/bin/python manage.py demonstration_code E-MAIL",
        ]
    )
