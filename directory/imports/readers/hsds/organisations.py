"""Who offers help."""

from __future__ import annotations

from directory.imports.readers.hsds.source import Source
from directory.imports.readers.values import (
    a_date,
    whole_number,
)
from directory.imports.records import (
    UNSET,
    IdentifierRecord,
    OrganisationRecord,
)


def read_organisations(source: Source) -> None:
    phones = source.owned("phones", "organization_id", above=("service_id", "location_id"))
    contacts = source.owned("contacts", "organization_id", above=("service_id", "location_id"))
    numbers = source.by("organization_identifiers", "organization_id")
    has_phones, has_contacts = "phones" in source.tables, "contacts" in source.tables
    for row in source.rows("organizations"):
        key = row.text("id")
        organisation = source.ids.of("organisation", key)
        parent = row.text("parent_organization_id")
        source.found.organisations.append(
            OrganisationRecord(
                id=organisation,
                whence=row.whence,
                name=row.text("name"),
                alternate_name=row.text("alternate_name"),
                description=row.text("description"),
                email=row.text("email"),
                url=row.text("website", "url", "uri"),
                legal_status=row.text("legal_status"),
                year_incorporated=_year(row.text("year_incorporated", "date_incorporated")),
                parent_id=source.ids.of("organisation", parent) if parent else None,
                identifiers=[
                    IdentifierRecord(
                        id=source.ids.child("identifier", organisation, found.text("id")),
                        identifier_scheme=found.text("identifier_scheme"),
                        identifier_type=found.text("identifier_type") or "identifier",
                        identifier=found.text("identifier"),
                    )
                    for found in numbers.get(key, [])
                ],
                phones=source.phones(organisation, phones[key], contacts[key])
                if has_phones
                else UNSET,
                contacts=source.contacts(organisation, contacts[key]) if has_contacts else UNSET,
            )
        )


def _year(text: str) -> int | None:
    number = whole_number(text)
    if number is None:
        found = a_date(text)
        number = found.year if found else None
    return number if number is not None and 1000 <= number <= 2999 else None
