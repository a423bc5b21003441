"""Requests, as needs: their times, or times that are proposed; what they take; who said no."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from directory.hours.clock import ONE_DAY, london_date
from volunteers.availability import Span, span_on
from volunteers.booking import AHEAD, occurrences
from volunteers.booking import Span as Booked
from volunteers.matching.gather.pieces import grouped, postcode_of
from volunteers.matching.need import Need, Place, Preference, PreferenceKind
from volunteers.models import (
    CheckKind,
    DbsLevel,
    HelpRequest,
    Interest,
    Offer,
    Volunteer,
)
from volunteers.states import OfferState, Party

# When a request names no time, these are proposed, on so many days from tomorrow.
TIMES_PROPOSED = (time(10), time(11, 30), time(14), time(16), time(18))
DAYS_PROPOSED = 7
URGENT_WITHIN = timedelta(days=2)


def needs_of(
    rows: list[HelpRequest], places: Mapping[str, Place], now: datetime
) -> tuple[list[Need], list[UUID]]:
    interests = grouped(
        HelpRequest.interests.through.objects.filter(helprequest__in=rows).values_list(
            "helprequest_id", "interest_id", "interest__kind", "interest__name"
        )
    )
    over = Q(state__in=[OfferState.DECLINED, OfferState.LAPSED, OfferState.NO_SHOW]) | Q(
        state=OfferState.CANCELLED, ended_by=Party.VOLUNTEER
    )
    said_no = grouped(
        Offer.objects.filter(over, help_request__in=rows).values_list(
            "help_request_id", "volunteer_id"
        )
    )
    helped = grouped(
        Offer.objects.filter(
            state=OfferState.DONE, help_request__person__in={row.person_id for row in rows}
        ).values_list("help_request__person_id", "volunteer_id")
    )
    needs, past = [], []
    for row in rows:
        visits, later = _visits(row, now)
        if not visits:
            past.append(row.pk)
            continue
        here = places.get(postcode_of(row.person.postcode)) if row.person else None
        wanted = interests.get(row.pk, [])
        needs.append(
            Need(
                id=row.pk,
                organisation=row.organisation_id,
                person=row.person_id,
                visits=visits,
                later=later,
                proposes_time=row.starts_at is None,
                asked_on=london_date(row.asked_at),
                kind=row.kind,
                place=None if row.from_home else here,
                needs_car=row.needs_driver,
                minimum_age=row.minimum_age,
                checks=_checks_needed(row),
                skills={
                    **{key: name for key, kind, name in wanted if kind == Interest.Kind.SKILL},
                    **{
                        ("language", word.casefold()): _("speaking %(language)s")
                        % {"language": word}
                        for word in row.languages
                    },
                },
                interests={
                    key: name for key, kind, name in wanted if kind == Interest.Kind.INTEREST
                },
                preferences=_preferences(row),
                said_no=frozenset(one for (one,) in said_no.get(row.pk, [])),
                helped_before_by=frozenset(one for (one,) in helped.get(row.person_id, [])),
                urgent=row.needed_by is not None
                and row.needed_by <= london_date(now) + URGENT_WITHIN,
            )
        )
    return needs, past


def _visits(row: HelpRequest, now: datetime) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The times that would do, and for help that goes on the visits after the next one."""
    if row.starts_at is None or row.ends_at is None:
        return tuple(_proposed(row, now)), ()
    first = Booked(row.starts_at, row.ends_at)
    until = max(now, row.starts_at) + AHEAD
    to_come = [
        Span(one.starts_at, one.ends_at)
        for one in occurrences(first, row.repeats, until)
        if one.starts_at > now
    ]
    return tuple(to_come[:1]), tuple(to_come[1:])


def _proposed(row: HelpRequest, now: datetime) -> Iterator[Span]:
    length = timedelta(minutes=row.minutes)
    tomorrow = london_date(now) + ONE_DAY
    for number in range(DAYS_PROPOSED):
        day = tomorrow + timedelta(days=number)
        if number and row.needed_by is not None and day > row.needed_by:
            return
        for begins in TIMES_PROPOSED:
            hour = span_on(day, begins, time(23, 59))
            if hour is not None:
                yield Span(hour.starts_at, hour.starts_at + length)


def _checks_needed(row: HelpRequest) -> dict[Any, str]:
    """Codes as :func:`_checks` gives them to volunteers."""
    names = dict(CheckKind.choices)
    needed: dict[Any, str] = {}
    for kind in row.checks_needed:
        name = str(names[CheckKind(kind)])
        if kind == CheckKind.DBS:
            level = DbsLevel(row.dbs_level)
            needed[kind, level.value] = f"{name} ({level.label})"
        else:
            needed[kind] = name
    return needed


def _preferences(row: HelpRequest) -> tuple[Preference, ...]:
    if not row.gender_preference:
        return ()
    name = str(Volunteer.Gender(row.gender_preference).label)
    kind = PreferenceKind.GENDER
    return (Preference(kind, row.gender_preference, name, row.preference_reason),)
