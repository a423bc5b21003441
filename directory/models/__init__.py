"""The directory's tables, with the names of HSDS and Open Referral UK v3 in British spelling.

=====================  ==========================================================================
Organisation           who offers help (HSDS ``organization``)
Service                what is offered (``service``)
Location, Address      where, and how to write to it (``location``, ``address``)
ServiceAtLocation      that a service is given at a place (``service_at_location``)
Phone, Contact         how to reach them (``phone``, ``contact``)
Taxonomy(Term)         what it is about, with everyday words for it (``taxonomy_term``)
Picture                what an organisation shows of itself
CostOption             what it costs (``cost_option``)
EligibilityRule        who it is for, group by group, with "not known" as a state of its own
AccessFact             steps, toilet, loop… yes, no or not known (``accessibility``)
OpeningRule            when it is open (``schedule``); ScheduleException, Calendar; Event
PostcodePlace, Ward    where a postcode is, for distances, residency and figures
Correction             a mistake that a reader reported, and the answer
SharedList             service ids under a code that can be typed
SearchEntry            what search looks in: derived, rebuilt by ``directory.search``
=====================  ==========================================================================
"""

from directory.models.corrections import Correction
from directory.models.hours import (
    Calendar,
    CalendarDay,
    Event,
    OpeningRule,
    ScheduleException,
)
from directory.models.organisations import Organisation, OrganisationIdentifier
from directory.models.pictures import Picture
from directory.models.places import (
    AccessFact,
    Address,
    Location,
    PostcodePlace,
    ServiceAtLocation,
    Ward,
)
from directory.models.reach import Contact, Language, Phone
from directory.models.search import DirectoryWord, SearchEntry, TopicPhrase
from directory.models.services import (
    CostOption,
    EligibilityRule,
    EligibilityTerm,
    Service,
    ServiceArea,
)
from directory.models.shared_lists import SharedList
from directory.models.taxonomy import Taxonomy, TaxonomyTerm

__all__ = [
    "AccessFact",
    "Address",
    "Calendar",
    "CalendarDay",
    "Contact",
    "Correction",
    "CostOption",
    "DirectoryWord",
    "EligibilityRule",
    "EligibilityTerm",
    "Event",
    "Language",
    "Location",
    "OpeningRule",
    "Organisation",
    "OrganisationIdentifier",
    "Phone",
    "Picture",
    "PostcodePlace",
    "ScheduleException",
    "SearchEntry",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "SharedList",
    "Taxonomy",
    "TaxonomyTerm",
    "TopicPhrase",
    "Ward",
]
