"""A service as it is printed: what its page says, without what only a screen can do.

The words are those of ``directory.service_page``, so that page and paper cannot differ; here web addresses
go, "next time" gives way to the week that stays true on a kitchen wall, and a list says less than a sheet.
Makes no query of its own for services prepared by :func:`printable`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import nh3
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dcsn.printing import Entry
from dcsn.printing.words import keep_together, shorten, without_web_addresses
from directory import markdown
from directory.hours import Calendars, ServiceHours, say_times, sessions
from directory.hours.clock import london_date
from directory.hours.schedule import Schedule
from directory.hours.words import say_date
from directory.models import Phone, Service
from directory.models.services import ServiceQuerySet
from directory.service_page import Fact, ServicePage, access_in_words, service_page

# In a list a reader compares; the whole text is on the service's own sheet.
WORDS_IN_A_LIST = 50
FACTS_IN_A_LIST = ("when", "cost", "who", "where", "waiting")
# What a reader asks about every service: where it is not known, that is said.
ALWAYS_SAID = ("when", "cost", "where")
EVENTS_AHEAD = timedelta(days=92)
EVENTS_AT_MOST = 6
_TEXT = re.compile(r"(?<=>)[^<]+|^[^<]+")
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote"}


@dataclass(frozen=True)
class Sheet:
    """What one service's sheet says, in the order in which it is read."""

    name: str
    organisation: str
    phones: tuple[str, ...]
    email: str
    notices: tuple[str, ...]
    summary: str
    facts: tuple[Fact, ...]
    text: SafeString
    checked: str
    note: str = ""


def printable(services: ServiceQuerySet) -> ServiceQuerySet:
    """With everything that a sheet says, in a fixed number of queries."""
    return services.publishable().with_everything()


def sheet_of(
    service: Service, calendars: Calendars, now: datetime, *, full: bool, note: str = ""
) -> Sheet:
    """The sheet of one service: ``full`` on its own, short in a list.

    ``note`` is what the reader wrote beside it; it is printed and not kept.
    """
    page = service_page(service, calendars, now)
    organisation = page.organisation.name
    facts = [page.start, *_facts(page, full=full)]
    return Sheet(
        name=service.name,
        organisation=organisation if organisation != service.name else "",
        phones=tuple(_phone(phone) for phone in page.phones),
        # Somebody who reads on paper rings; an address is printed where there is no number.
        email="" if page.phones else service.email or page.organisation.email,
        notices=tuple(without_web_addresses(notice) for notice in page.notices),
        summary=_summary(service, full=full),
        facts=tuple(_on_paper(fact) for fact in facts if fact.is_known or fact.key in ALWAYS_SAID),
        text=_text(page.description) if full else SafeString(""),
        checked=page.checked,
        note=note,
    )


def entry_of(service: Service, calendars: Calendars, now: datetime, *, note: str = "") -> Entry:
    """The service as one entry of a printed list."""
    sheet = sheet_of(service, calendars, now, full=False, note=note)
    body = render_to_string("print/service_body.html", {"sheet": sheet})
    return Entry(
        key=f"s-{service.short_id}", name=service.name, body=body, sort_key=service.sort_key
    )


def entries_of(
    services: Iterable[Service],
    calendars: Calendars,
    now: datetime,
    *,
    notes: Mapping[str, str] | None = None,
) -> tuple[Entry, ...]:
    """The services as entries; ``notes`` by the service's short id."""
    return tuple(
        entry_of(service, calendars, now, note=(notes or {}).get(service.short_id, ""))
        for service in services
    )


# --- The parts ------------------------------------------------------------------------------------------


def _facts(page: ServicePage, *, full: bool) -> Iterable[Fact]:
    access_said = False
    for fact in page.facts:
        if fact.key == "when":
            yield Fact(fact.key, fact.label, tuple(_when(page.hours)))
        elif full or fact.key in FACTS_IN_A_LIST:
            yield fact
        elif fact.key == "access" and not access_said:
            access_said = True
            yield Fact(fact.key, _("Getting in"), tuple(_access(page)))


def _on_paper(fact: Fact) -> Fact:
    return Fact(fact.key, fact.label, tuple(without_web_addresses(line) for line in fact.said))


def _phone(phone: Phone) -> str:
    kind = _("Phone") if phone.kind == Phone.Kind.VOICE else phone.get_kind_display()
    words = f"{kind} {phone.number}"
    if phone.extension:
        words = _("%(phone)s, extension %(extension)s") % {
            "phone": words,
            "extension": phone.extension,
        }
    return f"{words} ({phone.description})" if phone.description else words


def _summary(service: Service, *, full: bool) -> str:
    words = service.summary or ("" if full else markdown.plain(service.description))
    return shorten(without_web_addresses(words), WORDS_IN_A_LIST)


def _text(description: SafeString) -> SafeString:
    """The long text: no links, no web addresses, and nothing split over two lines."""
    html = nh3.clean(str(description), tags=_TAGS, attributes={})
    html = _TEXT.sub(lambda m: keep_together(without_web_addresses(m[0])), html)
    return mark_safe(html)  # noqa: S308  (cleaned two lines above; only text between tags changed)


def _when(hours: ServiceHours) -> Iterable[str]:
    """The week of each place and the days that differ; single sessions where there is no week."""
    weeks = hours.weeks()
    for place, week, changes in weeks:
        found = [*week.lines, *(() if week.is_known else _dated(hours, place.schedule))]
        names = [
            location.name
            for location in place.locations
            if location.name and not location.is_confidential
        ]
        if found and names and len(weeks) > 1:
            yield _("At %(places)s:") % {"places": ", ".join(names)}
        yield from (*found, *week.notes, *changes)


def _dated(hours: ServiceHours, schedule: Schedule) -> list[str]:
    """Sessions with their dates, never "today": paper is read tomorrow."""
    first = london_date(hours.now)
    found = sessions(schedule, hours.calendars, first, first + EVENTS_AHEAD)
    return [
        _("%(date)s, %(times)s")
        % {"date": say_date(one.day, first), "times": say_times(one.opens_at, one.closes_at)}
        for one in found
        if not one.cancelled
    ][:EVENTS_AT_MOST]


def _access(page: ServicePage) -> Iterable[str]:
    """What is known about getting in, a line for each place."""
    open_places = [place for place in page.places if not place.is_confidential]
    for place in open_places:
        words = "; ".join(access_in_words(place.access_facts, always=()))
        if words:
            yield f"{place.name}: {words}" if len(open_places) > 1 and place.name else words
    if own := "; ".join(access_in_words(page.service.access_facts.all(), always=())):
        yield own
