"""What every field of every table is, and how long it is kept: data, written beside the tables.

UK GDPR: *personal* data say something about a living person who can be told from them (Article 4);
*special* categories (Article 9) are health, disability, religion, ethnicity, sexual life, and what
lets one guess them, such as asking for British Sign Language; *safe* is everything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    SAFE = "safe"
    PERSONAL = "personal"
    SPECIAL = "special"


class Basis(StrEnum):
    """Why the law allows it (UK GDPR Article 6; for special categories Article 9 and the Data Protection
    Act 2018, Schedule 1). Kept per table, not per tick of consent: asking before details are passed on is
    owed out of respect and confidence, whichever basis there is. For the data protection officer to sign.
    """

    SERVICE = "service"
    LEGAL_DUTY = "legal_duty"
    SAFEGUARDING = "safeguarding"
    EQUALITY = "equality"
    WORK = "work"
    PUBLISHING = "publishing"

    @property
    def personal(self) -> str:
        return str(_BASES[self][0])

    @property
    def special(self) -> str:
        return str(_BASES[self][1])


_BASES: dict[Basis, tuple[Promise, Promise]] = {
    Basis.SERVICE: (
        _(
            "a council's public task, 6(1)(e); a voluntary organisation's legitimate interests, "
            "6(1)(f)"
        ),
        _(
            "social care by staff who owe confidentiality, 9(2)(h) and Schedule 1 paragraph 2; "
            "else explicit consent, 9(2)(a)"
        ),
    ),
    Basis.LEGAL_DUTY: (
        _("a legal duty under data protection law, 6(1)(c)"),
        _("as for the data that it is about; legal claims, 9(2)(f)"),
    ),
    Basis.SAFEGUARDING: (
        _("a recognised legitimate interest: safeguarding, 6(1)(ea)"),
        _("safeguarding of individuals at risk, 9(2)(g) and Schedule 1 paragraph 18"),
    ),
    Basis.EQUALITY: (
        _("the public sector's equality duty, 6(1)(e); elsewhere legitimate interests, 6(1)(f)"),
        _("equality of opportunity, 9(2)(g) and Schedule 1 paragraph 8; given freely"),
    ),
    Basis.WORK: (
        _("legitimate interests in running the portal safely, 6(1)(f)"),
        _("as for readers: what they look for is kept for them alone, at their request"),
    ),
    Basis.PUBLISHING: (
        _("legitimate interests in telling the public how to reach a service, 6(1)(f)"),
        _("none is kept"),
    ),
}


@dataclass(frozen=True)
class Kept:
    """How long rows are kept: in words, and in days where a job removes them; ``setting`` is the name
    of the setting that says the days, where the operator may change them."""

    words: str | Promise
    days: int | None = None
    setting: str = ""


WHILE_LISTED = Kept(_("while it is listed in the directory"))
AS_LONG_AS_THE_PORTAL = Kept(_("as long as the portal runs"))


@dataclass(frozen=True)
class ModelFields:
    """One table: what each field is, and how long its rows are kept."""

    kept: Kept
    fields: Mapping[str, Kind]
    basis: Basis = Basis.SERVICE

    def of_kind(self, *kinds: Kind) -> list[str]:
        return [name for name, kind in self.fields.items() if kind in kinds]


def classified(
    kept: Kept,
    *,
    personal: str = "",
    special: str = "",
    safe: str = "",
    basis: Basis = Basis.SERVICE,
) -> ModelFields:
    """The fields of one table, as names with blanks between them, and on what basis they are kept.

    Raises ``ValueError`` for a field named twice.
    """
    fields: dict[str, Kind] = {}
    for kind, names in (
        (Kind.PERSONAL, personal),
        (Kind.SPECIAL, special),
        (Kind.SAFE, safe),
    ):
        for name in names.split():
            if name in fields:
                raise ValueError(f"The field {name} is classified twice.")
            fields[name] = kind
    return ModelFields(kept=kept, fields=fields, basis=basis)


def declared() -> dict[str, ModelFields]:
    """Everything that the apps declare, by model label. ``ValueError`` for a model in two places."""
    found: dict[str, ModelFields] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.privacy"
        # The package dcsn has a subpackage of this name, which is this one: it declares nothing.
        if find_spec(name) is None:
            continue
        for label, fields in getattr(import_module(name), "FIELDS", {}).items():
            if label in found:
                raise ValueError(f"{label} is classified in two places, one of them {name}.")
            found[label] = fields
    return found


def fields_of(model: type[models.Model]) -> list[str]:
    """The names of a table's own columns and of its many-to-many fields."""
    return [field.name for field in (*model._meta.local_fields, *model._meta.local_many_to_many)]


def tables() -> list[type[models.Model]]:
    """Every table, the libraries' ones too. Those between two others go with their field."""
    return [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]


def problems() -> Iterator[str]:
    """One sentence for each table or field that is not classified, or no longer exists."""
    known = declared()
    existing = {model._meta.label: model for model in tables()}
    for label, model in existing.items():
        place = _place_of(model)
        if label not in known:
            yield (
                f"{label} is not classified. Add it to FIELDS in {place}: say which of its fields "
                f"are personal, special or safe, and how long it is kept."
            )
            continue
        names = set(fields_of(model))
        for name in sorted(names - set(known[label].fields)):
            yield f"{label}.{name} is not classified. Add it to FIELDS in {place}."
        for name in sorted(set(known[label].fields) - names):
            yield f"{label}.{name} is classified in {place} but does not exist."
    for label in sorted(set(known) - set(existing)):
        yield f"{label} is classified but there is no such table."


def _place_of(model: type[models.Model]) -> str:
    name = model._meta.app_config.name
    root = name.split(".")[0]
    if root in {"django", "allauth"}:
        return "dcsn/privacy/privacy.py (tables of libraries)"
    return f"{name.replace('.', '/')}/privacy.py"
