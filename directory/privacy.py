"""What the directory's tables hold: facts about services, and the few names of people among them.

A contact named in the directory is a person too: a worker whose organisation gave the name.
A service's own words are safe: they are written to be published.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.privacy import AS_LONG_AS_THE_PORTAL, WHILE_LISTED, Basis, Kept, classified

PUBLIC_RECORD = "id name alternate_name short_id slug sort_key"

FIELDS = {
    "directory.Organisation": classified(
        WHILE_LISTED,
        personal="email",
        safe=f"{PUBLIC_RECORD} description url legal_status year_incorporated parent "
        "is_access_point published source last_modified",
        basis=Basis.PUBLISHING,
    ),
    "directory.OrganisationIdentifier": classified(
        WHILE_LISTED, safe="id organisation identifier_scheme identifier_type identifier"
    ),
    "directory.Service": classified(
        WHILE_LISTED,
        personal="email checked_by",
        safe=f"{PUBLIC_RECORD} organisation summary description easy_read_summary bsl_video_url "
        "url status closed_until alert published application_process required_documents "
        "interpretation_services cost fees_description eligibility_description minimum_age "
        "maximum_age delivery capacity wait_time bank_holidays hours_note accreditations "
        "checked_on source last_modified terms languages",
        basis=Basis.PUBLISHING,
    ),
    "directory.Picture": classified(
        WHILE_LISTED,
        # A photograph may show people; the organisation gave it to be shown.
        personal="image",
        safe="id organisation alternative_text width height published added_at",
        basis=Basis.PUBLISHING,
    ),
    "directory.Contact": classified(
        WHILE_LISTED,
        personal="name title email",
        safe="id organisation service location department is_public",
        basis=Basis.PUBLISHING,
    ),
    "directory.Phone": classified(
        WHILE_LISTED,
        personal="number extension",
        safe="id organisation service location contact kind description is_public position",
        basis=Basis.PUBLISHING,
    ),
    "directory.Language": classified(AS_LONG_AS_THE_PORTAL, safe="id code name"),
    "directory.Taxonomy": classified(AS_LONG_AS_THE_PORTAL, safe="id name description uri version"),
    "directory.TaxonomyTerm": classified(
        AS_LONG_AS_THE_PORTAL,
        safe="id taxonomy parent name slug sort_key description code term_uri synonyms phrases "
        "is_topic position",
    ),
    "directory.CostOption": classified(
        WHILE_LISTED,
        safe="id service option amount currency amount_description valid_from valid_to",
    ),
    "directory.ServiceArea": classified(WHILE_LISTED, safe="id service name area_code uri"),
    "directory.EligibilityTerm": classified(
        AS_LONG_AS_THE_PORTAL, safe="id group name slug minimum_age maximum_age position"
    ),
    "directory.EligibilityRule": classified(WHILE_LISTED, safe="id service group openness terms"),
    "directory.Location": classified(
        WHILE_LISTED,
        safe="id organisation location_type name alternate_name description transportation url "
        "is_confidential latitude longitude precision source last_modified",
    ),
    "directory.Address": classified(
        Kept(_("while it is listed in the directory; never kept for a confidential place")),
        personal="attention",
        safe="id location address_type address_1 address_2 city region state_province "
        "postal_code country",
        basis=Basis.PUBLISHING,
    ),
    "directory.ServiceAtLocation": classified(WHILE_LISTED, safe="id service location description"),
    "directory.AccessFact": classified(
        WHILE_LISTED, safe="id location service kind value note checked_on"
    ),
    "directory.PostcodePlace": classified(
        AS_LONG_AS_THE_PORTAL,
        safe="code level latitude longitude area_code ward_code units source",
    ),
    "directory.Ward": classified(AS_LONG_AS_THE_PORTAL, safe="code name"),
    "directory.Calendar": classified(AS_LONG_AS_THE_PORTAL, safe="id slug name kind covers_until"),
    "directory.CalendarDay": classified(
        AS_LONG_AS_THE_PORTAL, safe="id calendar starts_on ends_on name"
    ),
    "directory.OpeningRule": classified(
        WHILE_LISTED,
        safe="id service service_at_location location freq interval weekday nth monthday anchor "
        "opens_at closes_at valid_from valid_to term_time_only by_appointment note",
    ),
    "directory.ScheduleException": classified(
        WHILE_LISTED,
        safe="id service service_at_location location starts_on ends_on closed opens_at closes_at "
        "reason",
    ),
    "directory.Event": classified(
        WHILE_LISTED, safe="id service location title starts_at ends_at note cancelled"
    ),
    "directory.SearchEntry": classified(
        WHILE_LISTED,
        safe="service vector name titles facets half_hours latitudes longitudes indexed_at",
    ),
    "directory.DirectoryWord": classified(WHILE_LISTED, safe="word stem services"),
    "directory.TopicPhrase": classified(WHILE_LISTED, safe="id term kind text stems"),
    # A reader is asked for no name; what they wrote can still name somebody, so it counts as personal.
    "directory.Correction": classified(
        Kept(_("one year after the answer"), days=366),
        personal="text reply answered_by",
        safe="id code service about state made_at answered_at",
        basis=Basis.PUBLISHING,
    ),
    # Service ids only: not who made the list, nor for whom.
    "directory.SharedList": classified(
        Kept(_("one year"), days=366), safe="code service_ids made_on"
    ),
}
