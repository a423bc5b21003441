"""Volunteers, as candidates: when they are free, what they have promised, which checks stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q

from directory.hours.clock import ONE_DAY, london_date
from members.models import AgeBand
from members.models.person import age_on
from volunteers.age import adult_by_their_word
from volunteers.availability import Change, Commitment, Span, Window, span_on
from volunteers.booking import Span as Booked
from volunteers.booking import laid_out
from volunteers.matching.candidate import Candidate, Mode, monday_of
from volunteers.matching.gather.pieces import grouped, postcode_of
from volunteers.matching.need import Place
from volunteers.models import (
    Availability,
    Away,
    Check,
    CheckKind,
    DbsLevel,
    NotWith,
    Offer,
    Repeats,
    ShiftPlace,
    Visit,
    Volunteer,
    VolunteerPlace,
)
from volunteers.models.check import levels_from
from volunteers.models.volunteer import PARENT_NEEDED_UNDER, Transport
from volunteers.states import OfferState

# Of several, the one that takes them furthest.
MODES = (
    (Transport.DRIVE, Mode.CAR),
    (Transport.BUS, Mode.BUS),
    (Transport.CYCLE, Mode.CYCLE),
    (Transport.WALK, Mode.FOOT),
)


def volunteers_at(organisations: Collection[UUID]) -> list[Mapping[str, Any]]:
    here = VolunteerPlace.objects.current().filter(
        volunteer=OuterRef("pk"), organisation__in=organisations
    )
    return list(
        Volunteer.objects.helping()
        .filter(Exists(here))
        .order_by("id")
        .values(
            "id",
            "person_id",
            "person__date_of_birth",
            "person__age_band",
            "person__postcode",
            "parent__confirmed_at",
            "transport",
            "travel_miles",
            "minutes_a_week",
            "gender",
            "languages",
            "help_kinds",
        )
    )


def candidates_of(
    people: Sequence[Mapping[str, Any]], places: Mapping[str, Place], now: datetime, last: date
) -> Iterator[Candidate]:
    today = london_date(now)
    ids = [person["id"] for person in people if not _needs_a_parent(person, today)]
    about = {"volunteer__in": ids}
    standings = grouped(
        VolunteerPlace.objects.current()
        .filter(**about)
        .values_list("volunteer_id", "organisation_id")
    )
    free = grouped(
        Availability.objects.filter(**about).values_list(
            "volunteer_id", "weekday", "starts", "ends"
        )
    )
    away = grouped(
        Away.objects.filter(**about, until_on__gte=today, from_on__lte=last + ONE_DAY).values_list(
            "volunteer_id", "from_on", "until_on"
        )
    )
    checks = _checks(about, today)
    interests = grouped(
        Volunteer.interests.through.objects.filter(**about).values_list(
            "volunteer_id", "interest_id"
        )
    )
    not_with = grouped(NotWith.objects.filter(**about).values_list("volunteer_id", "person_id"))
    promised = _promised(about, today, last)
    lately = {
        volunteer: (asked, helped)
        for volunteer, asked, helped in Offer.objects.filter(**about)
        .order_by()
        .values("volunteer_id")
        .annotate(asked=Max("offered_at"), helped=Max("ended_at", filter=Q(state=OfferState.DONE)))
        .values_list("volunteer_id", "asked", "helped")
    }
    known = set(ids)
    for person in people:
        key = person["id"]
        if key not in known:
            continue
        asked, helped = lately.get(key, (None, None))
        liked = frozenset(one for (one,) in interests.get(key, []))
        languages = frozenset(word.casefold() for word in person["languages"])
        yield Candidate(
            id=key,
            organisations=frozenset(one for (one,) in standings.get(key, [])),
            person=person["person_id"],
            born_on=person["person__date_of_birth"],
            is_adult=adult_by_their_word(person["person__age_band"]),
            place=places.get(postcode_of(person["person__postcode"])),
            mode=next((mode for way, mode in MODES if way in person["transport"]), Mode.NOT_KNOWN),
            miles=person["travel_miles"],
            windows=tuple(Window(*row) for row in sorted(free.get(key, []))),
            changes=tuple(Change(*row) for row in sorted(away.get(key, []))),
            commitments=tuple(promised.get(key, [])),
            weekly_minutes=person["minutes_a_week"],
            checks=checks.get(key, {}),
            kinds=frozenset(person["help_kinds"]),
            skills=liked | {("language", word) for word in languages},
            interests=liked,
            gender=person["gender"],
            languages=languages,
            not_with=frozenset(one for (one,) in not_with.get(key, [])),
            last_asked_on=london_date(asked) if asked else None,
            last_helped_on=london_date(helped) if helped else None,
        )


def _needs_a_parent(person: Mapping[str, Any], today: date) -> bool:
    """Under 16 and no parent has said yes: nobody asks them anything (``Volunteer.needs_parent``)."""
    if person["parent__confirmed_at"] is not None:
        return False
    born = person["person__date_of_birth"]
    if born is not None:
        return age_on(born, today) < PARENT_NEEDED_UNDER
    return bool(person["person__age_band"] == AgeBand.UNDER_18)


def _checks(about: Mapping[str, Any], today: date) -> dict[Any, dict[Any, date | None]]:
    """The last day of each check that stands. A DBS check counts for its level and those below."""
    found: dict[Any, dict[Any, date | None]] = defaultdict(dict)
    rows = Check.objects.filter(**about).standing(today)
    for volunteer, kind, level, until in rows.values_list(
        "volunteer_id", "kind", "level", "next_due_on"
    ):
        codes: list[Any] = [kind]
        if kind == CheckKind.DBS:
            codes = [(kind, one) for one in DbsLevel.values if level in levels_from(one)]
        mine = found[volunteer]
        for code in codes:
            if code not in mine:
                mine[code] = until
            else:
                before = mine[code]
                mine[code] = None if until is None or before is None else max(before, until)
    return found


def _promised(about: Mapping[str, Any], today: date, last: date) -> dict[Any, list[Commitment]]:
    """Visits and shifts that they said yes to, from the Monday of this week on. What they are is not
    said: it may be another organisation's."""
    begins, ends = monday_of(today), last + 2 * ONE_DAY
    found: dict[Any, list[Commitment]] = defaultdict(list)
    first_moment = span_on(begins, time(0), time(0))
    last_moment = span_on(ends, time(0), time(0))
    if first_moment is None or last_moment is None:
        raise ValueError("a whole day is never skipped")
    since, until = first_moment.starts_at, last_moment.ends_at
    visits: dict[Any, list[Booked]] = defaultdict(list)
    called_off: dict[Any, list[datetime]] = defaultdict(list)
    for offer, begins_at, over_at, cancelled_at in Visit.objects.filter(
        offer__state=OfferState.ACCEPTED, offer__volunteer__in=about["volunteer__in"]
    ).values_list("offer_id", "starts_at", "ends_at", "cancelled_at"):
        if cancelled_at is not None:
            called_off[offer].append(begins_at)
        else:
            visits[offer].append(Booked(begins_at, over_at))
    offers = Offer.objects.filter(
        Q(ends_at__gt=since) | ~Q(repeats=Repeats.ONCE) | Q(pk__in=visits),
        **about,
        state=OfferState.ACCEPTED,
    )
    for volunteer, key, begin, end, repeats in offers.order_by("id").values_list(
        "volunteer_id", "id", "starts_at", "ends_at", "repeats"
    ):
        first = Booked(begin, end) if begin and end else None
        agreed, off = visits.get(key, []), called_off.get(key, [])
        for one in laid_out(first, repeats, agreed, until, called_off=off):
            if one.ends_at > since and one.starts_at < until:
                found[volunteer].append(Commitment(Span(one.starts_at, one.ends_at), id=key))
    shifts = ShiftPlace.objects.filter(
        **about,
        state=ShiftPlace.State.CONFIRMED,
        shift__cancelled_at=None,
        shift__starts_at__lt=until,
        shift__ends_at__gt=since,
    )
    for volunteer, key, starts_at, ends_at in shifts.order_by("id").values_list(
        "volunteer_id", "id", "shift__starts_at", "shift__ends_at"
    ):
        found[volunteer].append(Commitment(Span(starts_at, ends_at), id=key))
    return found
