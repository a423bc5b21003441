from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from dcsn.audit import SystemJob
from directory.actions.reference import load_topics, starter_topics
from directory.models import TaxonomyTerm
from directory.search import reindex_topics


class Command(BaseCommand):
    help = "Load the starter topics with their everyday words. Topics that are here are left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        before = TaxonomyTerm.objects.count()
        report = load_topics(by=SystemJob("load topics"))
        reindex_topics()
        for problem in report.problems:
            self.stderr.write(str(problem))
        made = TaxonomyTerm.objects.count() - before
        self.stdout.write(f"{made} topics created of {len(starter_topics().terms)}")
