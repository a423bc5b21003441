"""Begin a real installation: the first administrator gets a link."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from dcsn.access.actions import grant_role
from dcsn.access.roles import ADMINISTRATOR
from dcsn.accounts.invitations import invite
from dcsn.accounts.models import INVITATION_LASTS, User
from dcsn.audit import SystemJob

COMMAND = SystemJob("invite administrator")


class Command(BaseCommand):
    help = (
        "Invite somebody as administrator and print the link on which they choose their password. "
        "Somebody who has an account becomes administrator at once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument(
            "--send", action="store_true", help="also send the link to them by e-mail"
        )

    def handle(self, *, email: str, send: bool, **options: Any) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} is not an e-mail address.") from error
        known = User.objects.filter(email__iexact=email).first()
        if known is not None:
            if not known.is_active:
                raise CommandError(f"The account of {email} is closed: open it again first.")
            grant_role(user=known, role=ADMINISTRATOR.code, by=COMMAND)
            self.stdout.write(f"{email} has an account and is an administrator now.")
            return
        with transaction.atomic():
            _, address = invite(email=email, roles=[ADMINISTRATOR.code], by=COMMAND, send=send)
        self.stdout.write(
            f"Good once, for {INVITATION_LASTS.days} days. Give it to {email} and to nobody else:"
        )
        self.stdout.write(address)
