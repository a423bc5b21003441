"""``manage.py read_bounce < mail``: for the alias that returned e-mails go to."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from dcsn.messages.bounces import read_bounce


class Command(BaseCommand):
    help = "Read a returned e-mail from standard input and mark the message that it is about."

    def handle(self, *args: Any, **options: Any) -> None:
        found = read_bounce(sys.stdin.buffer.read(2_000_000))
        self.stdout.write(f"Marked {found.id}." if found else "Not about a message of ours.")
