"""Print the second factor of a demonstration sign-in, in place of an authenticator app."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dcsn.accounts.demonstration import NotADemonstrationError, current_code


class Command(BaseCommand):
    help = "Print the code that signs a demonstration user in, good for about 30 seconds and once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *, email: str, **options: Any) -> None:
        try:
            self.stdout.write(current_code(email))
        except NotADemonstrationError as error:
            raise CommandError(str(error)) from error
