"""``manage.py check``: no table or field without a classification, no link to people forgotten."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register
from django.db import models

from dcsn.privacy.classification import problems, tables
from dcsn.privacy.registry import is_registered


def unregistered() -> list[type[models.Model]]:
    """Tables with a foreign key to the person, or the person's own, that registered no link."""
    try:
        person = apps.get_model(settings.PRIVACY_PERSON_MODEL)
    except LookupError:
        return []
    return [
        model
        for model in tables()
        if not is_registered(model)
        and (
            model is person
            or any(
                field.is_relation and field.related_model is person
                for field in model._meta.local_fields
            )
        )
    ]


@register()
def everything_is_classified(app_configs: Any, **options: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = [Warning(text, id="dcsn.privacy.W001") for text in problems()]
    found += [
        Warning(
            f"{model._meta.label} leads to a person but is not registered with dcsn.privacy.",
            hint="Call register(Model, PersonLink(…)) in its app's privacy.py.",
            id="dcsn.privacy.W002",
        )
        for model in unregistered()
    ]
    return found
