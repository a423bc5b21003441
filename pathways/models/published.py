"""Figures that were published: as they were, whatever is counted later."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.audit.append_only import AppendOnly, AppendOnlyQuerySet


class PublishedMonth(AppendOnly):
    """A month of all budgets as it was first shown: no two days' tables can be subtracted.

    ``cells``: how many people, then the flows and the kinds of ``pathways.budgets.monthly``, in its order;
    each a whole number (people to the nearest five, money in pence to the nearest hundred pounds) or null
    where it is hidden. What was hidden is nowhere in the row.
    """

    instead = "A published month stays: what comes later counts in a later one."

    first = models.DateField(_("first day"), unique=True, editable=False)
    cells = models.JSONField(editable=False)
    published_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("published month of budgets")
        verbose_name_plural = _("published months of budgets")
        ordering = ["first"]

    def __str__(self) -> str:
        return f"budgets in {self.first:%Y-%m}"
