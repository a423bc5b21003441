"""Between reading and writing: what cannot be kept is repaired or refused, and said.

Every text field is hostile until it has been through here. Text stays Markdown; what renders it
(:mod:`directory.markdown`) is the second wall.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import models

from directory.imports.records import (
    UNSET,
    AccessFactRecord,
    AddressRecord,
    Batch,
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
OLDEST = 120
# Control characters except tab and line feed; marks that turn the direction of writing round, with
# which text can be made to read as something else; and halves of characters, which cannot be stored.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"^[\w-]+(\.[\w-]+)+([/?#:].*)?$")
_is_url = URLValidator(schemes=["http", "https"])

NOT_SHOWN = "[address not shown]"


def clean(batch: Batch, *, known_confidential: Iterable[UUID] = ()) -> None:
    """Repair or refuse, in place. Nothing of a confidential address is left afterwards.

    :param known_confidential: places that somebody here has marked so: a source that still has
        the address must not bring it back.
    """
    # First of all, so that no later step can speak of what must not be known.
    _hide_confidential(batch, set(known_confidential))
    for group in (
        batch.taxonomies,
        batch.terms,
        batch.organisations,
        batch.places,
        batch.services,
    ):
        kept = []
        for record in cast(list[Any], group):
            _clean_fields(record, record.whence, batch.problems)
            if hasattr(record, "name") and not isinstance(record, PlaceRecord) and not record.name:
                batch.problem(record.whence, "name", "It has no name and was left out.")
                continue
            kept.append(record)
        group[:] = kept  # type: ignore[assignment]
    for place in batch.places:
        _check_position(place, batch)
    for service in batch.services:
        _check_service(service, batch)
    _refuse_orphans(batch)


# --- Fields -----------------------------------------------------------------------------------------


def _clean_fields(record: Any, whence: Whence, problems: list[Problem]) -> None:
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
                    _clean_fields(child, whence, problems)
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


def _plain(text: str) -> str:
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


# --- Single records ---------------------------------------------------------------------------------


def _check_position(place: PlaceRecord, batch: Batch) -> None:
    latitude, longitude = place.latitude, place.longitude
    if place.is_confidential or (latitude is UNSET and longitude is UNSET):
        return
    none = latitude in (None, UNSET) and longitude in (None, UNSET)
    if none or (latitude == 0 and longitude == 0):
        # 0, 0 lies in the sea off Africa: some programs write it for "not known".
        place.latitude = place.longitude = UNSET
        place.precision = UNSET
        return
    good = (
        isinstance(latitude, int | float)
        and isinstance(longitude, int | float)
        and -90 <= latitude <= 90
        and -180 <= longitude <= 180
    )
    if not good:
        batch.problem(
            place.whence, "latitude", "Its position is not on the earth and was left out."
        )
        place.latitude = place.longitude = UNSET
        place.precision = UNSET
    elif place.precision is UNSET:
        place.precision = "given"


def _check_service(service: ServiceRecord, batch: Batch) -> None:
    for name in ("minimum_age", "maximum_age"):
        age = getattr(service, name)
        if age not in (UNSET, None) and not 0 <= age <= OLDEST:
            batch.problem(service.whence, name, "It is not an age and was left out.")
            setattr(service, name, None)
    low, high = service.minimum_age, service.maximum_age
    if low not in (UNSET, None) and high not in (UNSET, None) and low > high:
        batch.problem(
            service.whence, "minimum_age", "The youngest age is above the oldest: both left out."
        )
        service.minimum_age = service.maximum_age = None
    if service.checked_by and service.checked_on in (UNSET, None):
        service.checked_by = ""
    if service.closed_until not in (UNSET, None) and service.status != "temporarily closed":
        service.closed_until = None
    for option in service.cost_options or []:
        if option.valid_from and option.valid_to and option.valid_from > option.valid_to:
            batch.problem(
                service.whence, "valid_to", "A price ends before it begins: its dates left out."
            )
            option.valid_from = option.valid_to = None
    if service.languages:
        cleaned = ((_plain(code), _plain(name)) for code, name in service.languages)
        service.languages = [(code[:10], name[:100]) for code, name in cleaned if code and name]
    seen: set[UUID] = set()
    if service.service_at_locations is not UNSET:
        for link in list(service.service_at_locations):
            if link.location_id in seen:
                service.service_at_locations.remove(link)
            seen.add(link.location_id)


def _refuse_orphans(batch: Batch) -> None:
    """Records that point at what is neither in the source nor here already."""
    terms = {term.id for term in batch.terms}
    for term in batch.terms:
        if term.parent_id and term.parent_id not in terms:
            term.parent_id = None
    organisations = {record.id for record in batch.organisations}
    wanted = {service.organisation_id for service in batch.services} | {
        place.organisation_id for place in batch.places if place.organisation_id
    }
    organisations |= set(
        Organisation.objects.filter(id__in=wanted - organisations).values_list("id", flat=True)
    )
    for place in batch.places:
        if place.organisation_id and place.organisation_id not in organisations:
            batch.problem(
                place.whence,
                "organisation_id",
                "Its organisation is not in the source: the place was kept without one.",
            )
            place.organisation_id = None
    kept = []
    for service in batch.services:
        if service.organisation_id in organisations:
            kept.append(service)
        else:
            batch.problem(
                service.whence,
                "organisation_id",
                "Its organisation is not in the source: the service was left out.",
            )
    batch.services[:] = kept
    for organisation in batch.organisations:
        if organisation.parent_id and organisation.parent_id not in organisations:
            organisation.parent_id = None
    places = {place.id for place in batch.places}
    asked = {
        link.location_id
        for service in batch.services
        for link in service.service_at_locations or []
    }
    places |= set(Location.objects.filter(id__in=asked - places).values_list("id", flat=True))
    for service in batch.services:
        for link in list(service.service_at_locations or []):
            if link.location_id not in places:
                batch.problem(
                    service.whence,
                    "location_id",
                    "One of its places is not in the source and was left out.",
                )
                service.service_at_locations.remove(link)
                if not service.service_at_locations and "delivery" in service.worked_out:
                    service.worked_out["delivery"] = []
        for event in service.events or []:
            if event.location_id not in places:
                event.location_id = None


# --- Confidential places ----------------------------------------------------------------------------


def _hide_confidential(batch: Batch, known: set[UUID]) -> None:
    """Empty every confidential place, and take its address out of all other text of the source.

    Lists copy an address into descriptions and give it a second time under another name; both would
    undo the first. What is searched for is the first line (when it is long enough to mean something)
    and the postcode, however they are spaced and in upper or lower case.
    """
    hidden = batch.hidden
    addresses: set[tuple[str, str]] = set()
    confidential = [p for p in batch.places if p.is_confidential or p.id in known]
    for place in confidential:
        for address in place.addresses or []:
            addresses.add(_address_key(address))
            hidden.extend(_patterns(address))
    addresses.discard(("", ""))
    for place in batch.places:
        if place not in confidential and any(
            _address_key(address) in addresses for address in place.addresses or []
        ):
            confidential.append(place)
    for place in confidential:
        empty_confidential(place)
    if hidden:
        for group in (batch.organisations, batch.places, batch.services):
            for record in cast(list[Any], group):
                if _hide_in(record, hidden):
                    batch.problem(
                        record.whence,
                        "",
                        "Its text gave a confidential address, which was taken out.",
                    )


def empty_confidential(place: PlaceRecord) -> None:
    """Only that there is such a place, and telephones, are kept."""
    place.is_confidential = True
    place.latitude = place.longitude = None
    place.precision = ""
    place.name = place.alternate_name = place.description = ""
    place.transportation = place.url = ""
    place.addresses = []
    place.access_facts = []
    place.contacts = []


def _address_key(address: AddressRecord) -> tuple[str, str]:
    return (
        re.sub(r"\W+", "", address.address_1).casefold(),
        re.sub(r"\W+", "", address.postal_code).casefold(),
    )


def _patterns(address: AddressRecord) -> list[re.Pattern[str]]:
    found = []
    for text, sure in ((address.address_1, True), (address.address_2, False)):
        words = re.findall(r"\w+", text)
        numbered = any(c.isdigit() for c in text)
        # A second line without a number is a street that others live in too.
        if len("".join(words)) >= 6 and (numbered or (sure and len(words) > 1)):
            joined = r"\W{0,3}".join(re.escape(word) for word in words)
            found.append(re.compile(rf"(?<!\w){joined}(?!\w)", re.IGNORECASE))
    compact = re.sub(r"\W+", "", address.postal_code)
    if len(compact) >= 5:
        found.append(
            re.compile(
                r"(?<!\w)" + r"\s?".join(re.escape(c) for c in compact) + r"(?!\w)", re.IGNORECASE
            )
        )
    return found


def _hide_in(record: Any, hidden: list[re.Pattern[str]]) -> bool:
    """Replace in every text of a record and of its children; True when something was found."""
    changed = False
    for entry in fields(record):
        value = getattr(record, entry.name)
        if isinstance(value, str):
            clean_value = value
            for pattern in hidden:
                clean_value = pattern.sub(NOT_SHOWN, clean_value)
            if clean_value != value:
                setattr(record, entry.name, clean_value)
                changed = True
        elif isinstance(value, list):
            for child in value:
                # An address of another place is its own: one that is the same was emptied above.
                if is_dataclass(child) and not isinstance(child, AddressRecord):
                    changed = _hide_in(child, hidden) or changed
    return changed
