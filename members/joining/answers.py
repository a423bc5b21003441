"""What somebody online has answered so far: in their session, for two hours, and nowhere else.

Nothing is recorded before the last page, and what was typed is not lost by going back. What is kept is what
the browser sent, so that each page shows it as it was typed and is checked again at the end.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Model
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.joining.forms import GroundForm, HowToPay, OfferedPlan, PayForm, PlanForm, WhoForm
from members.joining.paying import may_pay_by_card
from members.models import Person

ANSWERS = "joining"
LASTS = 2 * 60 * 60  # seconds without a page sent: somebody may have to look for their glasses
STEPS = ("plan", "you", "pay", "ground")


class Answers:
    """The journey of one visitor. ``person``: who they are, where they are signed in as themselves."""

    def __init__(self, request: HttpRequest, person: Person | None = None) -> None:
        self.session = request.session
        self.person = person
        kept = self.session.get(ANSWERS) or {}
        if kept and timezone.now().timestamp() - kept["at"] > LASTS:
            self.forget()
            kept = {}
        self._kept: dict[str, Any] = kept or {"key": str(uuid.uuid4()), "sent": {}}

    @property
    def key(self) -> UUID:
        return UUID(self._kept["key"])

    @property
    def is_begun(self) -> bool:
        return bool(self._kept["sent"])

    def keep(self, step: str, data: QueryDict) -> None:
        # What was asked, and no more: the rest of a sending could be megabytes of anything.
        asked = tuple(self.form(step, data).fields)
        sent = {
            name: values
            for name, values in data.lists()
            if name in asked or name.rpartition("_")[0] in asked
        }
        self._kept["sent"][step] = sent
        self._kept["at"] = timezone.now().timestamp()
        self.session[ANSWERS] = self._kept

    def forget(self) -> None:
        self.session.pop(ANSWERS, None)

    def form(self, step: str, data: QueryDict | None = None) -> forms.Form:
        """The form of a step: with ``data``, else with what was answered, else empty."""
        if data is None and step in self._kept["sent"]:
            data = QueryDict(mutable=True)
            for name, values in self._kept["sent"][step].items():
                data.setlist(name, values)
        if step == "plan":
            return PlanForm(data)
        if step == "you":
            return WhoForm(data)
        if step == "ground":
            return GroundForm(data)
        return PayForm(data, by_card=may_pay_by_card())

    @property
    def plan(self) -> OfferedPlan | None:
        form = self.form("plan")
        return form.chosen if isinstance(form, PlanForm) and form.is_valid() else None

    @property
    def way(self) -> str:
        """How they pay; empty while it is not answered."""
        form = self.form("pay")
        return str(form.cleaned_data["pay"]) if form.is_bound and form.is_valid() else ""

    @property
    def steps(self) -> tuple[str, ...]:
        """Those that this visitor has to go through: no questions whose answers are known."""
        plan = self.plan
        left_out = set()
        if self.person is not None:
            left_out.add("you")
        if plan is not None and plan.terms.price_pence == 0:
            left_out |= {"pay", "ground"}
        elif self.way != HowToPay.CANNOT:
            left_out.add("ground")
        return tuple(step for step in STEPS if step not in left_out)

    def first_open(self) -> str | None:
        """The first step that is not answered well; None when all are."""
        for step in self.steps:
            form = self.form(step)
            if not form.is_bound or not form.is_valid():
                return step
        return None

    def told(self, step: str) -> list[tuple[str, str]]:
        """Questions and answers of a step in words, those left empty left out; none where it is not asked."""
        if step not in self.steps:
            return []
        form = self.form(step)
        form.full_clean()
        pairs = ((str(bound.label), _in_words(bound, form)) for bound in form.visible_fields())
        return [(label, words) for label, words in pairs if words]


def _in_words(bound: Any, form: forms.Form) -> str:
    value = form.cleaned_data.get(bound.name)
    if isinstance(value, bool):
        return _("Yes") if value else ""
    if isinstance(value, date):
        return date_format(value, "j F Y")
    choices = dict(getattr(bound.field, "choices", ())) if not isinstance(value, Model) else {}
    if isinstance(value, list):
        return ", ".join(str(choices[one]) for one in value)
    return str(choices.get(value, value or ""))
