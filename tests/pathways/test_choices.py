"""Every choice that stands in a form begins with a capital letter: it is a label, not part of a sentence."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

from django import forms

import pathways
from pathways.models import Goal
from pathways.plans.forms import GoalForm
from pathways.plans.states import LifeCycle
from tests.factories.pathways import PlanFactory


def _forms() -> Iterator[type[forms.BaseForm]]:
    for module in pkgutil.walk_packages(pathways.__path__, "pathways."):
        if ".migrations" in module.name or ".management" in module.name:
            continue
        for found in vars(importlib.import_module(module.name)).values():
            if isinstance(found, type) and issubclass(found, forms.BaseForm):
                yield found


def _small(field: forms.Field) -> list[str]:
    # What comes from the database is somebody's own words.
    choices: Any = [] if hasattr(field, "queryset") else getattr(field, "choices", [])
    return [str(words) for _value, words in choices if str(words)[:1].islower()]


def test_choices_begin_with_a_capital_letter() -> None:
    small = {
        f"{form.__module__}.{form.__name__}.{name}": found
        for form in _forms()
        for name, field in getattr(form, "base_fields", {}).items()
        if (found := _small(field))
    }
    assert small == {}


def test_so_do_the_ways_that_a_goal_may_go(db: None) -> None:
    form = GoalForm(plan=PlanFactory(), row=Goal())
    assert dict(form.fields["life_cycle"].choices)[LifeCycle.ACCEPTED] == "Agreed"  # type: ignore[attr-defined]
    assert _small(form.fields["life_cycle"]) == []
