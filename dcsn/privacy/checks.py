"""``manage.py check``: no table or field without a classification, no link to people forgotten."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register
from django.db import models

from dcsn.privacy.classification import Kind, declared, problems, tables
from dcsn.privacy.registry import covered


def unregistered() -> list[type[models.Model]]:
    """Tables that lead to a person, by one foreign key or by several, and that nothing deals with.

    Two steps away, a table counts only when it holds anything personal: what hangs on a referral may
    be a code and a date.
    """
    try:
        person = apps.get_model(settings.PRIVACY_PERSON_MODEL)
    except LookupError:
        return []
    known = covered()
    kinds = declared()
    return [
        model
        for model in tables()
        if model not in known
        and (
            model is person
            or any(found is person for found in _leads_to(model))
            or (
                any(found in known for found in _leads_to(model))
                and model._meta.label in kinds
                and kinds[model._meta.label].of_kind(Kind.PERSONAL, Kind.SPECIAL)
            )
        )
    ]


def _leads_to(model: type[models.Model]) -> list[object]:
    return [field.related_model for field in model._meta.local_fields if field.is_relation]


@register()
def everything_is_classified(app_configs: Any, **options: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = [Warning(text, id="dcsn.privacy.W001") for text in problems()]
    found += [
        Warning(
            f"{model._meta.label} leads to a person but is not registered with dcsn.privacy.",
            hint="Call register(Model, PersonLink(…)) in its app's privacy.py, or name it in the "
            "`includes` of the link that exports its rows.",
            id="dcsn.privacy.W002",
        )
        for model in unregistered()
    ]
    return found
