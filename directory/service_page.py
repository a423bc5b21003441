"""What is said about a service, in words: facts in, sentences out, in the order people read them.

Its own page shows it and a printed sheet can: the same words in both. Reads a service prepared by
``Service.objects.for_service_page()`` and makes no query of its own. What is not known is said to be not
known, because a gap would read as "no".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from directory import markdown
from directory.cards import summary_in_words
from directory.costs import prices_in_words
from directory.eligibility import ages_in_words, groups_in_words
from directory.hours import Calendars, ServiceHours, hours_of
from directory.models import AccessFact, Location, Organisation, Phone, Service
from directory.models.services import Freshness
from directory.visibility import PublicPlace, public_contacts, public_phones, public_places

# What everybody asks about a place; other facts are shown only when they are known.
ALWAYS_SAID = (
    AccessFact.Kind.STEP_FREE,
    AccessFact.Kind.TOILET,
    AccessFact.Kind.HEARING_LOOP,
    AccessFact.Kind.PARKING,
    AccessFact.Kind.BUS,
)


@dataclass(frozen=True)
class Fact:
    """One question and its answer, a line for each part; without lines it is not known."""

    key: str
    label: str
    lines: tuple[str, ...]

    @property
    def is_known(self) -> bool:
        return bool(self.lines)

    @property
    def said(self) -> tuple[str, ...]:
        """The lines to show."""
        return self.lines or (_("Not known: ask"),)


@dataclass(frozen=True)
class ServicePage:
    """The parts of the page, from the top."""

    service: Service
    organisation: Organisation
    phones: tuple[Phone, ...]
    notices: tuple[str, ...]
    summary: str
    start: Fact
    facts: tuple[Fact, ...]
    places: tuple[PublicPlace, ...]
    next_session: str
    description: SafeString
    easy_read: tuple[str, ...]
    checked: str
    hours: ServiceHours


def service_page(
    service: Service, calendars: Calendars, now: datetime | None = None
) -> ServicePage:
    """Everything that the page of ``service`` says at this moment."""
    now = now or timezone.now()
    hours = hours_of(service, calendars, now)
    places = public_places(service)
    return ServicePage(
        service=service,
        organisation=service.organisation,
        phones=tuple(public_phones(service)),
        notices=tuple(_notices(service)),
        summary=summary_in_words(service),
        start=Fact("start", _("How to start"), _paragraphs(service.application_process)),
        facts=tuple(_facts(service, hours, places)),
        places=tuple(places),
        next_session=hours.say_next(),
        description=markdown.render(service.description),
        easy_read=_paragraphs(service.easy_read_summary),
        checked=checked_in_words(service, timezone.localdate(now)),
        hours=hours,
    )


def _facts(service: Service, hours: ServiceHours, places: Sequence[PublicPlace]) -> Iterable[Fact]:
    yield Fact("when", _("When"), tuple(_when(service, hours)))
    yield Fact(
        "cost",
        _("Cost"),
        (*prices_in_words(service), *_paragraphs(service.fees_description)),
    )
    yield Fact("who", _("Who it is for"), tuple(_who(service)))
    yield Fact("where", _("Where"), tuple(_where(service, places)))
    for place in places:
        if place.is_confidential:
            continue
        label = _("Getting in")
        if len(places) > 1 and place.name:
            label = _("Getting in at %(place)s") % {"place": place.name}
        yield Fact("access", label, tuple(access_in_words(place.access_facts)))
        if travel := _paragraphs(place.transportation):
            yield Fact("travel", _("Bus, car and parking"), travel)
        if about := _paragraphs(place.description):
            yield Fact("place", _("About the place"), about)
    if own := tuple(access_in_words(service.access_facts.all(), always=())):
        yield Fact("access", _("Taking part"), own)
    yield Fact("bring", _("What to bring"), _paragraphs(service.required_documents))
    if waiting := tuple(_waiting(service)):
        yield Fact("waiting", _("Places and waiting"), waiting)
    if spoken := _languages(service):
        yield Fact("languages", _("Languages"), spoken)
    if areas := tuple(area.name for area in service.service_areas.all() if area.name):
        yield Fact("area", _("Where you must live"), areas)
    if contacts := tuple(_contacts(service)):
        yield Fact("contact", _("Who to ask for"), contacts)


def _notices(service: Service) -> Iterable[str]:
    if service.alert:
        yield service.alert
    if service.is_closed_for_now:
        if service.closed_until:
            yield _("Closed for now. Opens again on %(day)s.") % {
                "day": day_in_words(service.closed_until)
            }
        else:
            yield _("Closed for now. When it opens again is not known: ask.")


def _when(service: Service, hours: ServiceHours) -> Iterable[str]:
    if said := hours.say_next():
        yield _("Next: %(session)s") % {"session": said}
    weeks = hours.weeks()
    for place, week, changes in weeks:
        names = [location.name for location in place.locations if _may_be_named(location)]
        if len(weeks) > 1 and names and week.is_known:
            yield _("At %(places)s:") % {"places": ", ".join(names)}
        yield from week.lines
        yield from week.notes
        yield from changes


def _may_be_named(location: Location) -> bool:
    return bool(location.name) and not location.is_confidential


def _who(service: Service) -> Iterable[str]:
    yield from _paragraphs(service.eligibility_description)
    if ages := ages_in_words(service):
        yield ages
    yield from groups_in_words(service)


def _where(service: Service, places: Sequence[PublicPlace]) -> Iterable[str]:
    for place in places:
        yield place.name if place.is_confidential else place.on_one_line
    words = dict(Service.Delivery.choices)
    for way in service.delivery:
        if way != Service.Delivery.AT_PLACE:
            yield str(words.get(way, way))


def access_in_words(
    facts: Iterable[AccessFact], *, always: Sequence[str] = ALWAYS_SAID
) -> Iterable[str]:
    """``No steps: yes (ramp at the side)``; what everybody asks is said even when not known."""
    known = {fact.kind: fact for fact in facts}
    if not known and always:
        return
    for kind in AccessFact.Kind:
        fact = known.get(kind)
        value = fact.value if fact else AccessFact.Value.NOT_KNOWN
        if value == AccessFact.Value.NOT_KNOWN and kind not in always:
            continue
        answer = {
            AccessFact.Value.YES: _("yes"),
            AccessFact.Value.NO: _("no"),
            AccessFact.Value.NOT_KNOWN: _("not known, ask"),
        }[AccessFact.Value(value)]
        line = _("%(fact)s: %(answer)s") % {"fact": kind.label, "answer": answer}
        yield f"{line} ({fact.note})" if fact and fact.note else line


def _waiting(service: Service) -> Iterable[str]:
    if service.capacity != Service.Capacity.NOT_KNOWN:
        yield str(service.get_capacity_display())
    if service.wait_time:
        yield _("Waiting time: %(time)s") % {"time": service.wait_time}


def _languages(service: Service) -> tuple[str, ...]:
    lines = [language.name for language in service.languages.all()]
    if service.interpretation_services:
        lines.append(_("Interpreting: %(what)s") % {"what": service.interpretation_services})
    return tuple(lines)


def _contacts(service: Service) -> Iterable[str]:
    for contact in public_contacts(service):
        yield ", ".join(part for part in (contact.name, contact.title) if part)


def _paragraphs(text: str) -> tuple[str, ...]:
    """Markdown as plain lines, one for each paragraph or item."""
    return tuple(line for line in markdown.plain(text).splitlines() if line.strip())


def day_in_words(day: date) -> str:
    """``Tuesday 3 March 2026``."""
    return date_format(day, "l j F Y")


def checked_in_words(service: Service, today: date, *, say_who: bool = True) -> str:
    """When somebody last confirmed the facts, by whom, and what to make of it."""
    if service.checked_on is None:
        return _("Nobody has checked these facts yet: ring before you go.")
    facts = {"day": date_format(service.checked_on, "j F Y"), "by": service.checked_by}
    said = (
        _("Checked on %(day)s by %(by)s.") % facts
        if service.checked_by and say_who
        else _("Checked on %(day)s.") % facts
    )
    if service.freshness(today) == Freshness.OVERDUE:
        return _("%(said)s That is over a year ago: ring before you go.") % {"said": said}
    return said
