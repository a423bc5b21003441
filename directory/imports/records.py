"""What every reader makes, whatever the format: one dataclass for each table it can fill.

A field keeps :data:`UNSET` where the source does not speak of it, and the writer leaves such a field
as it is: a list without telephone numbers must not delete those that staff have added. A list that
*is* given is the whole list, so that a number taken out at the source goes here too.

Field names are those of :mod:`directory.models`; the writer copies by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID


class _Unset:
    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> bool:
        return False


# Typed Any, so that it can be the default of a field of any type.
UNSET: Any = _Unset()


@dataclass(frozen=True, slots=True)
class Whence:
    """Where in the source a record stands. Lines are counted as an editor or spreadsheet does."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be kept as it came, in one plain sentence.

    The sentence never repeats a value: it may be an address that must stay confidential.
    """

    whence: Whence
    column: str
    sentence: str

    def __str__(self) -> str:
        column = f", {self.column}" if self.column else ""
        return f"{self.whence.file}, line {self.whence.line}{column}: {self.sentence}"


@dataclass(kw_only=True, slots=True)
class PhoneRecord:
    id: UUID
    number: str
    extension: str = ""
    kind: str = "voice"
    description: str = ""
    is_public: bool = True
    position: int = 0


@dataclass(kw_only=True, slots=True)
class ContactRecord:
    """Personal names are not public unless somebody here says so."""

    id: UUID
    name: str = ""
    title: str = ""
    department: str = ""
    email: str = ""


@dataclass(kw_only=True, slots=True)
class OpeningRuleRecord:
    id: UUID
    freq: str = "WEEKLY"
    interval: int = 1
    weekday: int | None = None
    nth: int | None = None
    monthday: int | None = None
    anchor: date | None = None
    opens_at: time | None = None
    closes_at: time | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    term_time_only: bool = False
    by_appointment: bool = False
    note: str = ""


@dataclass(kw_only=True, slots=True)
class ScheduleExceptionRecord:
    id: UUID
    starts_on: date
    ends_on: date
    closed: bool = True
    opens_at: time | None = None
    closes_at: time | None = None
    reason: str = ""


@dataclass(kw_only=True, slots=True)
class EventRecord:
    id: UUID
    title: str
    starts_at: datetime
    ends_at: datetime | None = None
    location_id: UUID | None = None
    note: str = ""
    cancelled: bool = False


@dataclass(kw_only=True, slots=True)
class CostOptionRecord:
    id: UUID
    option: str = ""
    amount: int | None = None
    currency: str = "GBP"
    amount_description: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(kw_only=True, slots=True)
class ServiceAreaRecord:
    id: UUID
    name: str = ""
    area_code: str = ""
    uri: str = ""


@dataclass(kw_only=True, slots=True)
class IdentifierRecord:
    id: UUID
    identifier_type: str
    identifier: str
    identifier_scheme: str = ""


@dataclass(kw_only=True, slots=True)
class AddressRecord:
    id: UUID
    address_type: str = "physical"
    attention: str = ""
    address_1: str = ""
    address_2: str = ""
    city: str = ""
    region: str = ""
    state_province: str = ""
    postal_code: str = ""
    country: str = "GB"


@dataclass(kw_only=True, slots=True)
class AccessFactRecord:
    kind: str
    value: str
    note: str = ""


@dataclass(kw_only=True, slots=True)
class EligibilityRecord:
    """Open to all, or only these (slugs of terms), in one group."""

    group: str
    openness: str
    terms: list[str] = field(default_factory=list)


@dataclass(kw_only=True, slots=True)
class ServicePlaceRecord:
    """That the service is given at a place (``service_at_location``)."""

    id: UUID
    location_id: UUID
    description: str = ""
    openingrules: list[OpeningRuleRecord] = UNSET
    scheduleexceptions: list[ScheduleExceptionRecord] = UNSET


@dataclass(kw_only=True, slots=True)
class TaxonomyRecord:
    id: UUID
    whence: Whence
    name: str
    description: str = UNSET
    uri: str = UNSET
    version: str = UNSET


@dataclass(kw_only=True, slots=True)
class TermRecord:
    id: UUID
    whence: Whence
    taxonomy_id: UUID
    name: str
    parent_id: UUID | None = None
    description: str = UNSET
    code: str = UNSET
    term_uri: str = UNSET
    synonyms: list[str] = UNSET
    phrases: list[str] = UNSET
    position: int = UNSET
    slug: str = UNSET


@dataclass(kw_only=True, slots=True)
class OrganisationRecord:
    id: UUID
    whence: Whence
    name: str
    alternate_name: str = UNSET
    description: str = UNSET
    email: str = UNSET
    url: str = UNSET
    legal_status: str = UNSET
    year_incorporated: int | None = UNSET
    parent_id: UUID | None = UNSET
    is_access_point: bool = UNSET
    identifiers: list[IdentifierRecord] = UNSET
    phones: list[PhoneRecord] = UNSET
    contacts: list[ContactRecord] = UNSET


@dataclass(kw_only=True, slots=True)
class PlaceRecord:
    """A location. ``is_confidential`` empties the rest in cleaning, before anything is written."""

    id: UUID
    whence: Whence
    organisation_id: UUID | None = UNSET
    location_type: str = UNSET
    name: str = UNSET
    alternate_name: str = UNSET
    description: str = UNSET
    transportation: str = UNSET
    url: str = UNSET
    is_confidential: bool = False
    latitude: float | None = UNSET
    longitude: float | None = UNSET
    precision: str = UNSET
    addresses: list[AddressRecord] = UNSET
    access_facts: list[AccessFactRecord] = UNSET
    phones: list[PhoneRecord] = UNSET
    contacts: list[ContactRecord] = UNSET
    openingrules: list[OpeningRuleRecord] = UNSET
    scheduleexceptions: list[ScheduleExceptionRecord] = UNSET


@dataclass(kw_only=True, slots=True)
class ServiceRecord:
    id: UUID
    whence: Whence
    organisation_id: UUID
    name: str
    alternate_name: str = UNSET
    summary: str = UNSET
    description: str = UNSET
    easy_read_summary: str = UNSET
    bsl_video_url: str = UNSET
    url: str = UNSET
    email: str = UNSET
    status: str = UNSET
    closed_until: date | None = UNSET
    alert: str = UNSET
    application_process: str = UNSET
    required_documents: str = UNSET
    interpretation_services: str = UNSET
    cost: str = UNSET
    fees_description: str = UNSET
    eligibility_description: str = UNSET
    minimum_age: int | None = UNSET
    maximum_age: int | None = UNSET
    delivery: list[str] = UNSET
    capacity: str = UNSET
    wait_time: str = UNSET
    bank_holidays: str = UNSET
    hours_note: str = UNSET
    accreditations: str = UNSET
    checked_on: date | None = UNSET
    checked_by: str = UNSET
    terms: list[UUID] = UNSET
    # (ISO code, name)
    languages: list[tuple[str, str]] = UNSET
    eligibility: list[EligibilityRecord] = UNSET
    access_facts: list[AccessFactRecord] = UNSET
    phones: list[PhoneRecord] = UNSET
    contacts: list[ContactRecord] = UNSET
    cost_options: list[CostOptionRecord] = UNSET
    service_areas: list[ServiceAreaRecord] = UNSET
    service_at_locations: list[ServicePlaceRecord] = UNSET
    openingrules: list[OpeningRuleRecord] = UNSET
    scheduleexceptions: list[ScheduleExceptionRecord] = UNSET
    events: list[EventRecord] = UNSET
    # Worked out by the reader rather than said by the source: for a new record only, so that what
    # a person here has written since is not taken back.
    worked_out: dict[str, Any] = field(default_factory=dict)


@dataclass
class Batch:
    """Everything one source says, and what was wrong with it."""

    taxonomies: list[TaxonomyRecord] = field(default_factory=list)
    terms: list[TermRecord] = field(default_factory=list)
    organisations: list[OrganisationRecord] = field(default_factory=list)
    places: list[PlaceRecord] = field(default_factory=list)
    services: list[ServiceRecord] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    # What must not be shown: parts of confidential addresses, filled by cleaning.
    hidden: list[re.Pattern[str]] = field(default_factory=list)

    def problem(self, whence: Whence, column: str, sentence: str) -> None:
        self.problems.append(Problem(whence, column, sentence))
