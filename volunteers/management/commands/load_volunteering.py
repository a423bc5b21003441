from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from dcsn.audit import SystemJob
from volunteers.starter import load_starter


class Command(BaseCommand):
    help = (
        "Put the starter lists of interests, skills and volunteers' policies into use, where empty."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        interests, policies = load_starter(by=SystemJob("load volunteering"))
        if not interests and not policies:
            self.stdout.write("There are lists already: they are left alone.")
        else:
            self.stdout.write(f"{interests} interests and skills, {policies} policies are in use.")
