"""A service as it is printed: the phone number first, one fact to a line, nothing that only a screen can do.

Reads services prepared by :func:`printable` and makes no query of its own. What the public may see is asked
of ``directory.visibility``, never of the rows: paper leaks as well as a page does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import nh3
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dcsn.printing import Entry
from dcsn.printing.words import keep_together, shorten, without_web_addresses
from directory import markdown
from directory.costs import prices_in_words
from directory.eligibility import ages_in_words, groups_in_words
from directory.hours import Calendars, ServiceHours, hours_of, say_session, sessions
from directory.hours.clock import london_date
from directory.models import AccessFact, Phone, Service
from directory.models.services import ServiceQuerySet
from directory.visibility import PublicPlace, public_phones, public_places

# In a list a reader compares; the whole text is on the service's own sheet.
WORDS_IN_A_LIST = 50
EVENTS_AHEAD = timedelta(days=92)
EVENTS_AT_MOST = 6
_TEXT = re.compile(r"(?<=>)[^<]+|^[^<]+")
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote"}


@dataclass(frozen=True)
class Fact:
    """A label and what is known under it, a line each."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """What one service's sheet says, in the order in which it is read."""

    name: str
    organisation: str
    phones: tuple[str, ...]
    email: str
    notice: str
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
    phones = public_phones(service)
    places = public_places(service)
    return Sheet(
        name=service.name,
        organisation=service.organisation.name if service.organisation.name != service.name else "",
        phones=tuple(_phone(phone) for phone in phones),
        # Somebody who reads on paper rings; an address is printed where there is no number.
        email="" if phones else service.email or service.organisation.email,
        notice=_notice(service),
        summary=_summary(service, full=full),
        facts=tuple(
            fact
            for fact in (
                _one(_("How to start"), service.application_process),
                Fact(_("When"), _when(service, hours_of(service, calendars, now))),
                Fact(_("Where"), _where(service, places)),
                *(_about_places(service, places) if full else _access(service, places)),
                Fact(_("Cost"), _cost(service, full=full)),
                Fact(_("Who it is for"), _who(service)),
                *((_one(_("What to bring"), service.required_documents),) if full else ()),
                Fact(_("Languages"), tuple(_languages(service))),
            )
            if fact.lines
        ),
        text=_text(service) if full else SafeString(""),
        checked=_checked(service),
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


def _one(label: str, text: str) -> Fact:
    """A fact of one line of running text, as an organisation wrote it."""
    words = without_web_addresses(" ".join(markdown.plain(text).split()))
    return Fact(label, (words,) if words else ())


def _phone(phone: Phone) -> str:
    kind = _("Phone") if phone.kind == Phone.Kind.VOICE else phone.get_kind_display()
    words = f"{kind} {phone.number}"
    if phone.extension:
        words = _("%(phone)s, extension %(extension)s") % {
            "phone": words,
            "extension": phone.extension,
        }
    return f"{words} ({phone.description})" if phone.description else words


def _notice(service: Service) -> str:
    words = []
    if service.is_closed_for_now:
        words.append(
            _("Closed until %(date)s.") % {"date": _date(service.closed_until)}
            if service.closed_until
            else _("Closed for now. Ring to ask when it opens again.")
        )
    if service.alert:
        words.append(without_web_addresses(service.alert))
    if service.capacity in (Service.Capacity.WAITING_LIST, Service.Capacity.FULL):
        words.append(f"{service.get_capacity_display()}.")
        if service.wait_time:
            words.append(_("Wait: %(time)s.") % {"time": service.wait_time})
    return " ".join(words)


def _summary(service: Service, *, full: bool) -> str:
    words = service.summary or ("" if full else markdown.plain(service.description))
    return shorten(without_web_addresses(words), WORDS_IN_A_LIST)


def _text(service: Service) -> SafeString:
    """The long text: no links, no web addresses, and nothing split over two lines."""
    html = nh3.clean(str(markdown.render(service.description)), tags=_TAGS, attributes={})
    html = _TEXT.sub(lambda m: keep_together(without_web_addresses(m[0])), html)
    return mark_safe(html)  # noqa: S308  (cleaned two lines above; only text between tags changed)


def _when(service: Service, hours: ServiceHours) -> tuple[str, ...]:
    lines: list[str] = []
    weeks = hours.weeks()
    for place, week, changes in weeks:
        dated = () if week.lines else _dated(hours, place.schedule)
        found = [*week.lines, *dated, *week.notes, *changes]
        names = [
            location.name
            for location in place.locations
            if location.name and not location.is_confidential
        ]
        if found and len(weeks) > 1 and names:
            lines.append(f"{', '.join(names)}:")
        lines += found
    return tuple(dict.fromkeys(lines)) or (_("Not known: ring to ask"),)


def _dated(hours: ServiceHours, schedule: object) -> list[str]:
    """Single sessions, for what has no weekly hours."""
    first = london_date(hours.now)
    found = sessions(schedule, hours.calendars, first, first + EVENTS_AHEAD)  # type: ignore[arg-type]
    return [say_session(one, hours.now) for one in found if not one.cancelled][:EVENTS_AT_MOST]


def _where(service: Service, places: list[PublicPlace]) -> tuple[str, ...]:
    lines = [place.name if place.is_confidential else place.on_one_line for place in places]
    said = {
        Service.Delivery.COMES_TO_YOU: _("They come to you"),
        Service.Delivery.PHONE: _("By phone"),
        Service.Delivery.ONLINE: _("Online"),
    }
    lines += [words for how, words in said.items() if how in service.delivery]
    return tuple(line for line in lines if line) or (_("Not known: ring to ask"),)


def _about_places(service: Service, places: list[PublicPlace]) -> tuple[Fact, ...]:
    """Getting in and getting there, for a sheet with room for it."""
    getting_there = [
        words
        for place in places
        if (words := without_web_addresses(" ".join(place.transportation.split())))
    ]
    return (*_access(service, places), Fact(_("Getting there"), tuple(getting_there)))


def _access(service: Service, places: list[PublicPlace]) -> tuple[Fact, ...]:
    """What is known about getting in, a line for each place; a place of which nothing is known says so."""
    own = _facts_in_words(service.access_facts.all())
    lines = []
    for place in places:
        if place.is_confidential:
            continue
        words = _facts_in_words(place.access_facts) or (
            _("not known: ring to ask") if not own else ""
        )
        if words:
            lines.append(f"{place.name}: {words}" if len(places) > 1 and place.name else words)
    lines = [own, *lines] if own else lines
    return (Fact(_("Getting in"), tuple(_capital(line) for line in lines)),)


def _facts_in_words(facts: Iterable[AccessFact]) -> str:
    yes, no = [], []
    for fact in facts:
        words = str(fact.get_kind_display()).lower().replace("british sign", "British Sign")
        words = words.replace("blue badge", "Blue Badge").replace("sign language", "Sign Language")
        if fact.note:
            words = f"{words} ({without_web_addresses(fact.note)})"
        if fact.value == AccessFact.Value.YES:
            yes.append(words)
        elif fact.value == AccessFact.Value.NO:
            no.append(_("not: %(what)s") % {"what": words})
    return ", ".join([*yes, *no])


def _cost(service: Service, *, full: bool) -> tuple[str, ...]:
    lines = prices_in_words(service)
    about = without_web_addresses(" ".join(markdown.plain(service.fees_description).split()))
    if about:
        lines.append(about if full else shorten(about, WORDS_IN_A_LIST // 2))
    return tuple(lines) or (_("Not known: ask"),)


def _who(service: Service) -> tuple[str, ...]:
    lines = []
    if words := without_web_addresses(
        " ".join(markdown.plain(service.eligibility_description).split())
    ):
        lines.append(shorten(words, WORDS_IN_A_LIST))
    if ages := ages_in_words(service):
        lines.append(ages)
    return (*lines, *groups_in_words(service))


def _languages(service: Service) -> list[str]:
    names = [language.name for language in service.languages.all() if language.code != "en"]
    lines = [", ".join(names)] if names else []
    if service.interpretation_services:
        lines.append(without_web_addresses(service.interpretation_services))
    return lines


def _checked(service: Service) -> str:
    if service.checked_on is None:
        return _("We have not checked these details yet. Please ring before you go.")
    return _("Checked on %(date)s.") % {"date": _date(service.checked_on)}


def _date(day: date) -> str:
    return date_format(day, "j F Y")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
