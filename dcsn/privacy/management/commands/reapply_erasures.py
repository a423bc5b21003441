"""``manage.py reapply_erasures``: after a restore, erase again everybody who had been erased."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dcsn.privacy.erasing import reapply_erasures
from dcsn.privacy.erasure_log import ErasureLogError


class Command(BaseCommand):
    help = "Erase again everybody whom the log of erasures names. Run it after a restore."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = reapply_erasures()
        except ErasureLogError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{counts['people']} people were erased in the past, "
            f"{counts['brought_back']} of them had come back and are erased again."
        )
