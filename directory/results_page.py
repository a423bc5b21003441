"""What the results page says: the search's findings in words, links and choices.

Makes no query of its own except to load the services that are shown.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.cards import ServiceCard, card_of
from directory.filters import PAGES, Label, ServiceFilter
from directory.hours import load_calendars, say_time
from directory.loading import services_for_cards
from directory.models import Service
from directory.models.services import Freshness
from directory.search import Results, Section, SectionKey, facets
from directory.search.facets import Group
from directory.search.matching import Stage
from directory.search.understanding import operators
from directory.search.words import words_of

MOST_TOPICS = 12
# What "clear all of these" takes away: everything but what was asked.
FILTERS = frozenset(ServiceFilter.base_filters) - {"q", "near", "exact"}
PAGE_NAMES = {key: name for name, key in PAGES.items()}


@dataclass(frozen=True)
class ResultCard:
    """One service in the list."""

    card: ServiceCard
    number: int
    distance: str
    checked: str
    is_listed: bool


@dataclass(frozen=True)
class ResultList:
    """A section of the page with its cards and the ways to its other pages."""

    section: Section
    heading: str
    cards: list[ResultCard]
    before: str
    after: str

    @property
    def pages_in_words(self) -> str:
        return _("Page %(page)s of %(pages)s") % {
            "page": self.section.page,
            "pages": self.section.pages,
        }


@dataclass(frozen=True)
class Option:
    """One tick box: its value, its words, how many services it would leave."""

    value: str
    label: str
    count: int
    checked: bool


@dataclass(frozen=True)
class Panel:
    """One group of tick boxes."""

    name: str
    key: str
    legend: str
    options: list[Option]
    hint: str = ""

    @property
    def is_used(self) -> bool:
        return any(option.checked for option in self.options)


@dataclass(frozen=True)
class Chosen:
    """A filter that is on, and the address without it."""

    words: str
    without: str


@dataclass
class ResultsPage:
    """Everything the template says."""

    filters: ServiceFilter
    results: Results
    heading: str
    lists: list[ResultList]
    panels: list[Panel]
    days: Panel
    chosen: list[Chosen]
    showing_for: str = ""
    only_for: str = ""
    remarks: list[str] = field(default_factory=list)
    here: str = ""
    clear_address: str = ""
    # Asked for several things at once and little has all of them: each by itself.
    one_at_a_time: list[tuple[str, str]] = field(default_factory=list)
    without_filters: str = ""
    without_filters_total: int = 0

    @property
    def words(self) -> str:
        return self.results.query.words

    @property
    def found_nothing(self) -> bool:
        return self.results.total == 0


def address(data: QueryDict, **changes: str | None) -> str:
    """This page's address with some values changed (``None`` takes one away), on its first page."""
    copy = data.copy()
    for name in PAGES:
        copy.pop(name, None)
    for name, value in changes.items():
        copy.pop(name, None)
        if value is not None:
            copy[name] = value
    # Empty boxes and anything we did not ask for make an address longer, not more exact.
    kept = QueryDict(mutable=True)
    for name, values in copy.lists():
        if name in PAGES or name in ServiceFilter.base_filters:
            kept.setlist(name, [value for value in values if value.strip()])
    return f"?{kept.urlencode()}"


def _unchanged(data: QueryDict) -> str:
    """This page's address as it is, page numbers too: where a form comes back to."""
    return f"?{data.urlencode()}"


def without(data: QueryDict, name: str, value: str) -> str:
    """This page's address with one of several values of a name taken away."""
    copy = data.copy()
    copy.setlist(name, [other for other in copy.getlist(name) if other != value])
    return address(copy)


def results_page(
    filters: ServiceFilter,
    results: Results,
    data: QueryDict,
    now: datetime,
    listed: Container[UUID] = (),
) -> ResultsPage:
    """``data`` is what the address says, ``listed`` what is on the reader's own list."""
    page = ResultsPage(
        filters=filters,
        results=results,
        heading=_heading(results),
        lists=_lists(results, data, now, listed),
        panels=list(_panels(filters, results)),
        days=_panel(filters, results, facets.DAY, "day", filters.labels.of(facets.DAY)),
        chosen=list(_chosen(filters, results, data)),
    )
    page.showing_for = showing_for(results)
    if page.showing_for:
        page.only_for = address(data, exact="1")
    page.remarks = list(_remarks(results))
    page.one_at_a_time = list(_one_at_a_time(results, data))
    page.here = f"{reverse('directory:results')}{_unchanged(data)}"
    page.clear_address = address(data, **dict.fromkeys(FILTERS))
    return page


# --- Sentences --------------------------------------------------------------------------------------


def _heading(results: Results) -> str:
    sure = sum(results.sections[key].total for key in (SectionKey.MAIN, SectionKey.ELSEWHERE))
    query = results.query
    count = ngettext("%(count)s service", "%(count)s services", sure) % {
        "count": formats.number_format(sure, force_grouping=True)
    }
    if query.words and query.near:
        return _("%(services)s for “%(words)s” near %(place)s") % {
            "services": count,
            "words": query.words,
            "place": query.near.asked,
        }
    if query.words:
        return _("%(services)s for “%(words)s”") % {"services": count, "words": query.words}
    if query.near:
        return _("%(services)s near %(place)s") % {"services": count, "place": query.near.asked}
    return count


def showing_for(results: Results) -> str:
    """What was really looked for, where that is not what was typed."""
    understood = results.understood
    if results.stage not in (Stage.WORDS, Stage.TOPICS, Stage.SOME) or results.query.literally:
        return ""
    parts = [understood.text] if understood.corrections else []
    typed = set(understood.text.split())
    named = [
        topic.name
        for span in understood.spans
        for topic in span
        # Not said where the topic's own name is what was typed.
        if all(one.kind != "name" for one in span) and not typed <= {*words_of(topic.name)}
    ]
    parts += dict.fromkeys(named)
    return "; ".join(parts)


def _remarks(results: Results) -> Iterable[str]:
    query, stage = results.query, results.stage
    if results.widened:
        yield _("Few services do all of this, so these do a part of it.")
    elif stage in (Stage.TOPICS, Stage.SOME):
        yield _("No service has all of these words, so these have some of them.")
    elif stage == Stage.WORDS and not query.literally and operators(query.words):
        yield _("Nothing was found for exactly that, so the signs between the words are left out.")
    if query.literally and results.total:
        yield _("Only services that say these words themselves.")
    if query.near is not None:
        yield query.near.in_words()


# With so few services that have everything, the parts are offered too.
FEW = 3


def _one_at_a_time(results: Results, data: QueryDict) -> Iterable[tuple[str, str]]:
    """ "My husband has dementia and I need a break" names two things, and few services do both."""
    spans = results.understood.spans
    if results.query.literally or len(spans) < 2:
        return
    if not results.widened and (results.stage != Stage.WORDS or results.total > FEW):
        return
    for name in dict.fromkeys(topic.name for span in spans for topic in span):
        yield name, address(data, q=name)


def distance_in_words(miles: float | None) -> str:
    if miles is None:
        return ""
    if miles < 0.1:
        return _("less than 0.1 miles")
    shown = f"{miles:.0f}" if miles >= 10 else f"{miles:.1f}".removesuffix(".0")
    return ngettext("%(miles)s mile", "%(miles)s miles", 1 if shown == "1" else 2) % {
        "miles": shown
    }


def checked_in_a_line(service: Service) -> str:
    if service.checked_on is None:
        return _("Not checked yet")
    on = formats.date_format(service.checked_on, "j F Y")
    if service.freshness() == Freshness.OVERDUE:
        return _("Last checked %(date)s: ring first") % {"date": on}
    return _("Checked %(date)s") % {"date": on}


# --- Lists ------------------------------------------------------------------------------------------


def _lists(
    results: Results, data: QueryDict, now: datetime, listed: Container[UUID]
) -> list[ResultList]:
    services = {one.id: one for one in services_for_cards(results.service_ids)}
    calendars = load_calendars()
    lists = []
    for key, section in results.sections.items():
        cards = []
        for number, hit in enumerate(section.hits, start=section.first_number):
            service = services.get(hit.service_id)
            # Taken away between the two queries.
            if service is None:
                continue
            cards.append(
                ResultCard(
                    card=card_of(service, calendars, now),
                    number=number,
                    distance=distance_in_words(hit.miles if key != SectionKey.ELSEWHERE else None),
                    checked=checked_in_a_line(service),
                    is_listed=service.id in listed,
                )
            )
        lists.append(
            ResultList(
                section=section,
                heading=_list_heading(key, section.total),
                cards=cards,
                before=_page_address(data, key, section.page - 1, section.pages),
                after=_page_address(data, key, section.page + 1, section.pages),
            )
        )
    return lists


def _list_heading(key: SectionKey, total: int) -> str:
    if key == SectionKey.ELSEWHERE:
        return ngettext(
            "Also, with no place to go to (by phone, online or at your home): %(count)s service",
            "Also, with no place to go to (by phone, online or at your home): %(count)s services",
            total,
        ) % {"count": total}
    if key == SectionKey.NOT_KNOWN:
        return ngettext(
            "%(count)s more service may fit, but does not say when or for whom: ask",
            "%(count)s more services may fit, but do not say when or for whom: ask",
            total,
        ) % {"count": total}
    return _("Results")


def _page_address(data: QueryDict, key: SectionKey, page: int, pages: int) -> str:
    if not 1 <= page <= pages:
        return ""
    copy = data.copy()
    copy[PAGE_NAMES[key]] = str(page)
    return f"?{copy.urlencode()}#{key}"


# --- Choices ----------------------------------------------------------------------------------------


def _panels(filters: ServiceFilter, results: Results) -> Iterable[Panel]:
    labels = filters.labels
    topics = _panel(filters, results, facets.TOPIC, "topic", labels.of(facets.TOPIC))
    # The commonest first: the rest are on the topics page.
    ordered = sorted(topics.options, key=lambda o: (not o.checked, -o.count))[:MOST_TOPICS]
    yield Panel("topic", "topic", topics.legend, ordered)
    yield _panel(filters, results, facets.COST, "cost", labels.of(facets.COST))
    yield _panel(filters, results, facets.HOW, "how", labels.of(facets.HOW))
    yield _panel(
        filters,
        results,
        facets.ACCESS,
        "access",
        labels.of(facets.ACCESS),
        hint=_("Only services that say they have it. Many more may: ask."),
    )
    for group in facets.WHO.values():
        yield _panel(
            filters,
            results,
            group,
            "who",
            labels.of(group),
            legend=_("Who it is for: %(group)s") % {"group": group.label},
        )
    yield _panel(filters, results, facets.LANGUAGE, "language", labels.of(facets.LANGUAGE))


def _panel(
    filters: ServiceFilter,
    results: Results,
    group: Group,
    name: str,
    labels: Iterable[Label],
    *,
    hint: str = "",
    legend: str = "",
) -> Panel:
    """The choices of a group that would leave something, and those that are on."""
    query = results.query
    chosen = (
        [str(day) for day in query.free.days] if group is facets.DAY else query.choices.of(group)
    )
    to_all = results.counts.get(group.facet(facets.OPEN_TO_ALL), 0) if group.has_open else 0
    options = []
    for label in labels:
        own = results.counts.get(group.facet(label.value), 0)
        checked = label.value in chosen
        # Open to all fits every choice; listing a choice that nobody names helps nobody.
        if own or checked or group is facets.DAY:
            options.append(Option(label.value, label.name, own + to_all, checked))
    return Panel(name, group.key, legend or str(group.label), options, hint)


def _chosen(filters: ServiceFilter, results: Results, data: QueryDict) -> Iterable[Chosen]:
    query, known = results.query, filters.labels.by_facet
    for group in facets.GROUPS.values():
        name = "who" if group.has_open else group.key
        for value in query.choices.of(group):
            yield Chosen(known[group.facet(value)].name, without(data, name, value))
    for day in query.free.days:
        yield Chosen(known[facets.DAY.facet(str(day))].name, without(data, "day", str(day)))
    if query.free.start:
        yield Chosen(
            _("from %(time)s") % {"time": say_time(query.free.start)},
            address(data, free_from=None),
        )
    if query.free.end:
        yield Chosen(
            _("until %(time)s") % {"time": say_time(query.free.end)}, address(data, free_to=None)
        )
    if query.near is not None and query.within is not None:
        within = dict(filters.form.fields["within"].choices)[data.get("within", "")]
        yield Chosen(str(within), address(data, within=None))
