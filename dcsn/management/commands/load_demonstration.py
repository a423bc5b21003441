from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from dcsn.audit import SystemJob
from directory.actions.demonstration import NotADemonstration, load_demonstration, sign_ins
from members.cards.demonstration import load_members
from members.demonstration import load_agreements
from members.membership.demonstration import load_everybody, load_plans
from members.offers.demonstration import load_shops
from pathways.budgets.demonstration import load_budgets
from pathways.carers.demonstration import load_carers
from pathways.demonstration import load_pathways
from pathways.reviews.demonstration import write_reviews_of
from referrals.checklists.starter import load_starter
from referrals.demonstration import load_casework
from referrals.replies.demonstration import load_receivers
from volunteers.demonstration import load_volunteers
from volunteers.giving.demonstration import load_giving
from volunteers.rotas.demonstration import load_rotas
from volunteers.starter import load_starter as load_volunteering


class Command(BaseCommand):
    help = (
        "Load the made-up demonstration network, its sign-ins, and a desk at work. Refused in a real "
        "portal."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--refresh",
            action="store_true",
            help="put back what was changed while trying out, and count its dates from today",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with tqdm(desc="Demonstration", unit=" records", disable=None) as bar:
            try:
                report = load_demonstration(
                    by=SystemJob("load demonstration"),
                    refresh=options["refresh"],
                    progress=bar.update,
                )
                load_agreements(by=SystemJob("load demonstration"), refresh=options["refresh"])
                load_shops(by=SystemJob("load demonstration"), refresh=options["refresh"])
                load_starter(by=SystemJob("load demonstration"))
                people = load_casework()
                load_plans()
                load_members(by=SystemJob("load demonstration"))
                load_receivers()
                load_everybody(by=SystemJob("load demonstration"))
                load_volunteering(by=SystemJob("load demonstration"))
                load_volunteers(by=SystemJob("load demonstration"))
                load_giving(by=SystemJob("load demonstration"))
                load_rotas()
                pathways = load_pathways(by=SystemJob("load demonstration"))
                write_reviews_of(pathways)
                load_carers(by=SystemJob("load demonstration"))
                load_budgets(pathways, by=SystemJob("load demonstration"))
            except NotADemonstration as error:
                raise CommandError(str(error)) from error
        for problem in report.problems:
            self.stderr.write(str(problem))
        if report.outcome.services.created:
            for entry in sign_ins():
                self.stdout.write(f"{entry['role']}: {entry['email']}  {entry['password']}")
        if people:
            self.stdout.write(f"{people} invented people, with referrals in every state.")
        self.stdout.write(report.last_line)
