"""A role in words. The list, its page, the five questions and the sheet say the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.hours import say_time
from directory.results_page import distance_in_words
from directory.visibility import PublicPlace, public_place
from volunteers.models import CheckKind, Opportunity, OpportunityTime
from volunteers.models.check import DbsLevel


@dataclass(frozen=True)
class RoleCard:
    """One role as a list, a page or a sheet of paper says it."""

    role: Opportunity
    number: int
    how_much: str
    when: str
    where: str
    wait: str
    checks: list[str]
    age: str
    distance: str = ""
    place: PublicPlace | None = None

    @property
    def address(self) -> str:
        return address_of(self.role)

    @property
    def kind(self) -> str:
        return str(self.role.get_kind_display())

    @property
    def interests(self) -> list[str]:
        return [interest.name for interest in self.role.interests.all()]


def address_of(role: Opportunity) -> str:
    return reverse("volunteers:role", args=[role.slug, role.short_id])


def card_of(role: Opportunity, *, number: int = 0) -> RoleCard:
    """``role`` comes with its facts (``finding.with_facts``), and ``miles`` where a search measured."""
    place = public_place(role.location) if role.location is not None else None
    return RoleCard(
        role=role,
        number=number,
        how_much=how_much(role),
        when=when_in_words(role),
        where=where_in_words(role, place),
        wait=wait_in_words(role.wait_days),
        checks=list(checks_in_words(role)),
        age=age_in_words(role.minimum_age),
        distance=distance_in_words(getattr(role, "miles", None)),
        place=place,
    )


def how_much(role: Opportunity) -> str:
    """ "Regular, 2 hours a week"."""
    kind = str(role.get_kind_display())
    if not role.minutes_a_week:
        return kind
    return _("%(kind)s, about %(long)s a week") % {
        "kind": kind,
        "long": duration(role.minutes_a_week),
    }


def duration(minutes: int) -> str:
    """ "2 hours", "1 and a half hours", "45 minutes"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest}
    if not rest:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    if rest == 30:
        return _("%(n)d and a half hours") % {"n": hours}
    return _("%(hours)d hours %(minutes)d minutes") % {"hours": hours, "minutes": rest}


def when_in_words(role: Opportunity) -> str:
    """The weekly times, what was written of them, and whether they can be chosen."""
    parts = [time_in_words(row) for row in role.times.all()]
    said = ["; ".join(parts)] if parts else []
    if role.times_note:
        said.append(role.times_note)
    if role.flexible:
        said.append(_("you choose the times"))
    dates = dates_in_words(role)
    if dates:
        said.append(dates)
    return ". ".join(_upper(one.rstrip(".")) for one in said)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def time_in_words(row: OpportunityTime) -> str:
    ends = _("midnight") if row.ends == time(0) else say_time(row.ends)
    return _("%(day)s, %(starts)s to %(ends)s") % {
        "day": WEEKDAYS[row.weekday - 1],
        "starts": say_time(row.starts),
        "ends": ends,
    }


def dates_in_words(role: Opportunity) -> str:
    def say(day: Any) -> str:
        return date_format(day, "l j F Y")

    if role.starts_on and role.ends_on:
        if role.starts_on == role.ends_on:
            return say(role.starts_on)
        return _("from %(first)s to %(last)s") % {
            "first": say(role.starts_on),
            "last": say(role.ends_on),
        }
    if role.starts_on:
        return _("from %(first)s") % {"first": say(role.starts_on)}
    return _("until %(last)s") % {"last": say(role.ends_on)} if role.ends_on else ""


def where_in_words(role: Opportunity, place: PublicPlace | None) -> str:
    if role.where == Opportunity.Where.PLACE and place is not None:
        return place.name if place.is_confidential else place.on_one_line
    return str(role.get_where_display())


def wait_in_words(days: int | None) -> str:
    """How long until somebody usually starts; empty where nobody knows."""
    if days is None:
        return ""
    if days <= 1:
        return _("You can usually start at once")
    if days < 14:
        return ngettext(
            "You can usually start within %(n)d day",
            "You can usually start within %(n)d days",
            days,
        ) % {"n": days}
    weeks = -(-days // 7)
    return ngettext(
        "You can usually start after about %(n)d week",
        "You can usually start after about %(n)d weeks",
        weeks,
    ) % {"n": weeks}


def age_in_words(youngest: int) -> str:
    if youngest < 16:
        return _("From %(age)d years. Under 16, a parent must agree first") % {"age": youngest}
    return _("From %(age)d years") % {"age": youngest}


def checks_in_words(role: Opportunity) -> Iterable[str]:
    for kind in CheckKind.values:
        if kind not in role.checks_needed:
            continue
        if kind == CheckKind.DBS:
            yield _("A DBS check (%(level)s). We arrange it with you.") % {
                "level": str(DbsLevel(role.dbs_level).label).lower()
            }
        elif kind == CheckKind.REFERENCES:
            yield _("Two people who know you and are not family, whom we may ask about you.")
        elif kind == CheckKind.RIGHT_TO_DRIVE:
            yield _("Your driving licence, shown to us; we keep no copy.")
        else:
            yield _("A short training, which we give you.")
