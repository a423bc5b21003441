from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from dcsn.audit import SystemJob
from referrals.checklists.starter import load_starter


class Command(BaseCommand):
    help = "Put the starter First Contact checklist into use, where there is none yet."

    def handle(self, *args: Any, **options: Any) -> None:
        version = load_starter(by=SystemJob("load checklist"))
        if version is None:
            self.stdout.write("There is a checklist already: it is left alone.")
        else:
            self.stdout.write(f"{version.questions.count()} questions are in use.")
