"""Every text of a record, by the column that it is for."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from typing import Any, cast

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import models

from directory.imports.records import (
    UNSET,
    AccessFactRecord,
    AddressRecord,
    ContactRecord,
    CostOptionRecord,
    EventRecord,
    IdentifierRecord,
    OpeningRuleRecord,
    OrganisationRecord,
    PhoneRecord,
    PlaceRecord,
    Problem,
    ScheduleExceptionRecord,
    ServiceAreaRecord,
    ServicePlaceRecord,
    ServiceRecord,
    TaxonomyRecord,
    TermRecord,
    Whence,
)
from directory.models import (
    AccessFact,
    Address,
    Contact,
    CostOption,
    Event,
    Location,
    OpeningRule,
    Organisation,
    OrganisationIdentifier,
    Phone,
    ScheduleException,
    Service,
    ServiceArea,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from directory.postcodes import normalise

MODELS: dict[type, type[models.Model]] = {
    TaxonomyRecord: Taxonomy,
    TermRecord: TaxonomyTerm,
    OrganisationRecord: Organisation,
    PlaceRecord: Location,
    ServiceRecord: Service,
    PhoneRecord: Phone,
    ContactRecord: Contact,
    AddressRecord: Address,
    IdentifierRecord: OrganisationIdentifier,
    CostOptionRecord: CostOption,
    ServiceAreaRecord: ServiceArea,
    ServicePlaceRecord: ServiceAtLocation,
    OpeningRuleRecord: OpeningRule,
    ScheduleExceptionRecord: ScheduleException,
    EventRecord: Event,
    AccessFactRecord: AccessFact,
}

LONGEST_TEXT = 20_000
# Control characters except tab and line feed; marks that turn the direction of writing round, with
# which text can be made to read as something else; and halves of characters, which cannot be stored.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"^[\w-]+(\.[\w-]+)+([/?#:].*)?$")
_is_url = URLValidator(schemes=["http", "https"])


def clean_fields(record: Any, whence: Whence, problems: list[Problem]) -> None:
    model = MODELS.get(type(record))
    if model is None:
        return
    for entry in fields(record):
        value = getattr(record, entry.name)
        if value is UNSET:
            continue
        if isinstance(value, list):
            if value and is_dataclass(value[0]):
                for child in value:
                    clean_fields(child, whence, problems)
                setattr(record, entry.name, _without_empty(value))
            continue
        try:
            column = cast("models.Field[Any, Any]", model._meta.get_field(entry.name))
        except FieldDoesNotExist:
            continue
        if isinstance(value, str):
            setattr(record, entry.name, _clean_text(column, value, whence, problems))


def _clean_text(
    column: models.Field[Any, Any], value: str, whence: Whence, problems: list[Problem]
) -> str:
    def problem(sentence: str) -> None:
        problems.append(Problem(whence, column.name, sentence))

    if _UNWANTED.search(value):
        value = _UNWANTED.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
        problem("It held control characters, which were taken out.")
    value = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if isinstance(column, models.TextField):
        longest = LONGEST_TEXT
    else:
        value = " ".join(value.split())
        longest = column.max_length or LONGEST_TEXT
    if isinstance(column, models.URLField):
        return _clean_url(value, longest, problem)
    if isinstance(column, models.EmailField):
        return _clean_email(value, longest, problem)
    if len(value) > longest:
        value = shorten(value, longest)
        problem(f"It was longer than {longest} characters and was cut.")
    return value


def plain_text(text: str) -> str:
    return " ".join(_UNWANTED.sub("", text).split())


def shorten(text: str, longest: int) -> str:
    """At most ``longest`` characters, cut between words where there are any, with "…"."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    at_word, space, _rest = cut.rpartition(" ")
    return (at_word if space and len(at_word) > longest // 2 else cut).rstrip(" ,;:.") + "…"


def _clean_url(value: str, longest: int, problem: Any) -> str:
    if not value:
        return ""
    address = value
    if not _SCHEME.match(address) or re.match(r"^[\w.-]+:\d", address):
        if not _BARE_ADDRESS.match(address):
            problem("It is not a web address and was left out.")
            return ""
        address = f"https://{address}"
    if len(address) > longest:
        problem("The web address is too long and was left out.")
        return ""
    try:
        _is_url(address)
    except (ValidationError, ValueError):
        problem("It is not a web address that starts with https:// or http:// and was left out.")
        return ""
    return address


def _clean_email(value: str, longest: int, problem: Any) -> str:
    if not value:
        return ""
    value = value.removeprefix("mailto:")
    try:
        validate_email(value)
        if len(value) <= longest:
            return value
    except ValidationError:
        pass
    problem("It is not an e-mail address and was left out.")
    return ""


def _without_empty(children: list[Any]) -> list[Any]:
    """A phone without a number, a fact about nothing: rows that the database would refuse."""
    required = {PhoneRecord: "number", IdentifierRecord: "identifier", CostOptionRecord: None}
    kept = []
    for child in children:
        name = required.get(type(child))
        if name and not getattr(child, name):
            continue
        if isinstance(child, AddressRecord):
            if child.postal_code:
                child.postal_code = normalise(child.postal_code) or child.postal_code[:12]
            lines = (child.address_1, child.address_2, child.city, child.postal_code)
            if not any(lines):
                continue
        kept.append(child)
    return kept
