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
from directory.costs import prices_in_words
from directory.eligibility import ages_in_words
from directory.hours import Calendars, ServiceHours, say_times, sessions
from directory.hours.clock import london_date
from directory.hours.schedule import Schedule
from directory.hours.words import say_bank_holidays, say_date
from directory.models import AccessFact, EligibilityRule, EligibilityTerm, Phone, Service
from directory.models.services import ServiceQuerySet
from directory.service_page import ALWAYS_SAID as ALWAYS_SAID_OF_PLACES
from directory.service_page import Fact, ServicePage, checked_in_words, service_page
from directory.visibility import PublicPlace

# In a list a reader compares; the whole text is on the service's own sheet.
WORDS_IN_A_LIST = 50
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
    today = london_date(now)
    organisation = page.organisation.name
    facts = [page.start, *(_facts_in_full(page) if full else _facts_in_short(page))]
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
        checked=page.checked if full else checked_in_words(service, today, say_who=False),
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


def _facts_in_full(page: ServicePage) -> Iterable[Fact]:
    """The page's facts; of each place, getting in is said in a line or two."""
    places = iter(_open_places(page))
    for fact in page.facts:
        if fact.key == "when":
            yield Fact(fact.key, fact.label, tuple(_when(page.hours)))
        elif fact.key == "access" and (place := next(places, None)):
            yield Fact(fact.key, fact.label, tuple(_access(place.access_facts)))
        else:
            yield fact


def _facts_in_short(page: ServicePage) -> Iterable[Fact]:
    """What lets a reader choose: one line for each where there is one place and one time."""
    service = page.service
    by_key = {fact.key: fact for fact in page.facts}
    yield Fact("when", by_key["when"].label, tuple(_when(page.hours, with_holidays=False)))
    yield Fact(
        "cost", by_key["cost"].label, tuple(prices_in_words(service)) or by_key["cost"].lines
    )
    yield Fact("who", by_key["who"].label, _in_one_line(_who(service)))
    places = _open_places(page)
    where = by_key["where"]
    yield where if places else Fact(where.key, where.label, _in_one_line(where.lines))
    getting_in = []
    for place in places:
        if words := " ".join(_access(place.access_facts, with_gaps=False)):
            named = len(places) > 1 and place.name
            getting_in.append(f"{place.name}: {words}" if named else words)
    getting_in += _access(service.access_facts.all(), with_gaps=False)
    yield Fact("access", _("Getting in"), tuple(getting_in))
    if service.capacity in (Service.Capacity.WAITING_LIST, Service.Capacity.FULL):
        waiting = by_key["waiting"]
        yield Fact(waiting.key, waiting.label, (_sentences(waiting.lines),))


def _open_places(page: ServicePage) -> list[PublicPlace]:
    return [place for place in page.places if not place.is_confidential]


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


def _when(hours: ServiceHours, *, with_holidays: bool = True) -> Iterable[str]:
    """The week of each place and the days that differ; single sessions where there is no week.

    What holds for all lines ("Ring first") goes on the line when there is only one.
    """
    weeks = hours.weeks()
    for place, week, changes in weeks:
        found = [*week.lines, *(() if week.is_known else _dated(hours, place.schedule))]
        holidays = say_bank_holidays(place.schedule.bank_holidays)
        notes = [note for note in week.notes if with_holidays or note != holidays]
        if len(found) == 1 and notes:
            found, notes = [_sentences([found[0], *notes])], []
        names = [
            location.name
            for location in place.locations
            if location.name and not location.is_confidential
        ]
        if found and names and len(weeks) > 1:
            yield _("At %(places)s:") % {"places": ", ".join(names)}
        yield from (*found, *notes, *changes)


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


def _who(service: Service) -> Iterable[str]:
    """In the organisation's words, else the ages and the groups it is only for."""
    words = " ".join(markdown.plain(service.eligibility_description).split())
    if words:
        yield shorten(words, WORDS_IN_A_LIST // 2)
        return
    if ages := ages_in_words(service):
        yield ages
    for rule in service.eligibility_rules.all():
        names = [term.name for term in rule.terms.all()]
        said_already = bool(ages) and rule.group == EligibilityTerm.Group.AGE
        if rule.openness == EligibilityRule.Openness.THESE and names and not said_already:
            yield ", ".join(names)


def _access(facts: Iterable[AccessFact], *, with_gaps: bool = True) -> Iterable[str]:
    """``No steps, hearing loop (in the café).``, then what there is not, then what nobody knows."""
    known = {fact.kind: fact for fact in facts}
    if not known:
        return
    said: dict[str, list[str]] = {value: [] for value in AccessFact.Value.values}
    for kind in AccessFact.Kind:
        fact = known.get(kind)
        value = fact.value if fact else AccessFact.Value.NOT_KNOWN
        if fact is None and kind not in ALWAYS_SAID_OF_PLACES:
            continue
        words = _in_a_sentence(str(kind.label))
        said[value].append(f"{words} ({fact.note})" if fact and fact.note else words)
    sentences = [
        (AccessFact.Value.YES, "%(what)s."),
        (AccessFact.Value.NO, _("But not: %(what)s.")),
    ]
    if with_gaps:
        sentences.append((AccessFact.Value.NOT_KNOWN, _("Not known, ask: %(what)s.")))
    for value, sentence in sentences:
        if said[value]:
            words = sentence % {"what": ", ".join(said[value])}
            yield words[:1].upper() + words[1:]


def _in_one_line(lines: Iterable[str]) -> tuple[str, ...]:
    words = [line if n == 0 else _in_a_sentence(line) for n, line in enumerate(lines)]
    return (", ".join(words),) if words else ()


def _sentences(lines: Iterable[str]) -> str:
    """The lines as sentences, each with its full stop."""
    return " ".join(line if line.endswith((".", "!", "?")) else f"{line}." for line in lines)


def _in_a_sentence(label: str) -> str:
    """``No steps`` becomes ``no steps``; ``Blue Badge parking`` is a name and stays."""
    second = label.partition(" ")[2][:1]
    return label if second.isupper() else label[:1].lower() + label[1:]
