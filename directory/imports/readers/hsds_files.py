"""HSDS as CSV: one file a table, under the names that its three versions have used."""

from __future__ import annotations

from directory.imports.readers.tables import Tables

# What each version and each exporter calls a table, by what HSDS 3 calls it.
NAMES = {
    "accessibility": ("accessibility", "accessibility_for_disabilities"),
    "addresses": ("addresses", "address", "physical_addresses", "physical_address"),
    "attributes": (
        "attributes",
        "attribute",
        "service_attributes",
        "service_attribute",
        "other_attributes",
    ),
    "contacts": ("contacts", "contact"),
    "cost_options": ("cost_options", "cost_option"),
    "eligibilities": ("eligibilities", "eligibility", "eligibilitys"),
    "holiday_schedules": ("holiday_schedules", "holiday_schedule"),
    "languages": ("languages", "language"),
    "locations": ("locations", "location"),
    "mail_addresses": ("mail_addresses", "postal_addresses", "postal_address"),
    "organization_identifiers": ("organization_identifiers", "organization_identifier"),
    "organizations": ("organizations", "organization"),
    "phones": ("phones", "phone"),
    "required_documents": ("required_documents", "required_document"),
    "schedules": ("schedules", "schedule", "regular_schedules", "regular_schedule"),
    "service_areas": ("service_areas", "service_area"),
    "service_at_locations": (
        "service_at_locations",
        "service_at_location",
        "services_at_location",
        "services_at_locations",
    ),
    "service_capacities": ("service_capacities", "service_capacity"),
    "services": ("services", "service"),
    "services_taxonomy": (
        "services_taxonomy",
        "service_taxonomy",
        "services_taxonomies",
        "service_taxonomys",
    ),
    "taxonomies": ("taxonomies",),
    "taxonomy_terms": ("taxonomy_terms", "taxonomy_term", "taxonomy"),
}
CANONICAL = {name: table for table, names in NAMES.items() for name in names}


def recognises(tables: Tables) -> bool:
    found = canonical(tables)
    return bool(found.get("services")) and "organizations" in found


def canonical(tables: Tables) -> Tables:
    """The same rows under HSDS 3's names; tables that say nothing to a reader are left out."""
    found: Tables = {}
    for name, rows in tables.items():
        table = CANONICAL.get(name.lower())
        if table is not None:
            found.setdefault(table, []).extend(rows)
    return found
