"""From the queries to figures and tables, each with how it was counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.figures.periods import Period
from referrals.models import Enquiry
from referrals.numbers.counting import Counting
from referrals.numbers.shapes import (
    Chart,
    Figure,
    Line,
    Missing,
    Report,
    Table,
    Unit,
    Value,
    count_of,
)
from referrals.states import Loop, Reason

# Queries that a report takes, however many referrals there are; a test holds it to that.
QUERIES = 7
QUERIES_OF_A_HUB = QUERIES + 2
_NO_ROW: dict[str, Any] = {}


def report_of_hub(*, hub: UUID, name: str, period: Period, today: date) -> Report:
    """Everything about one access point, exact: for those who lead it."""
    counting = Counting(period, today, hub)
    report = _report(counting, name)
    return Report(
        period=period,
        of=name,
        figures=report.figures,
        tables=(*report.tables, *_of_a_hub_only(counting)),
        is_empty=report.is_empty,
    )


def report_of_network(*, name: str, period: Period, today: date) -> Report:
    """Totals of the whole network, exact: :func:`~referrals.numbers.protecting.protected` before anybody
    sees them. Names no organisation and no service."""
    return _report(Counting(period, today), name)


def _report(counting: Counting, name: str) -> Report:
    referrals, enquiries = counting.referrals(), counting.enquiries()
    now, before = referrals.get(True, _NO_ROW), referrals.get(False, _NO_ROW)
    asked, asked_before = enquiries.get(True, _NO_ROW), enquiries.get(False, _NO_ROW)
    return Report(
        period=counting.period,
        of=name,
        figures=(*_of_referrals(now, before), *_of_enquiries(asked, asked_before)),
        tables=tuple(_tables(counting, now)),
        is_empty=not now and not asked,
    )


# --- Single figures ------------------------------------------------------------------------------------


def _of_referrals(now: dict[str, Any], before: dict[str, Any]) -> list[Figure]:
    return [
        _count("sent", now, before, _("Referrals sent"),
               _("referrals sent in this period, without those entered by mistake. The other figures of "
                 "referrals are of these, by what is known today.")),
        _count("acknowledged", now, before, _("Acknowledged"),
               _("those of which the organisation has said anything: seen, accepted or turned down.")),
        _count("accepted", now, before, _("Accepted"),
               _("those that the organisation took on, whatever came of it later.")),
        _count("completed", now, before, _("Finished"),
               _("those that the organisation says are finished. Whether they helped is another "
                 "question: see below.")),
        _share("closed_by_person", "to_ask", now, before, _("Closed by the person"),
               _("of those that have ended, the share where the person, or whoever cares for them, has "
                 "said whether they got the help. Withdrawn and duplicate ones are left out.")),
        _share(Loop.GOT_HELP, "closed_by_person", now, before, _("Got the help"),
               _("of those who have answered, the share who said “Yes, I got the help”.")),
        _measured("acknowledged_after", "acknowledged", now, before, Unit.WORKING_DAYS,
                  _("Half are acknowledged within"),
                  _("the median of the working days from sending to the first sign of life, without "
                    "weekends and England’s bank holidays. Those not acknowledged are left out.")),
        _measured("begun_after", "begun", now, before, Unit.DAYS, _("Half get first help within"),
                  _("the median of the days from sending to the day on which help began, by the "
                    "organisation’s word. Those where it has not begun are left out.")),
        _count("silent", now, before, _("No answer, overdue"),
               _("those sent more than ten working days ago of which nothing has been heard.")),
        _count("silent_services", now, before, _("Services that owe an answer"),
               _("services to which one of those overdue was sent.")),
    ]  # fmt: skip


def _of_enquiries(now: dict[str, Any], before: dict[str, Any]) -> list[Figure]:
    return [
        _count("enquiries", now, before, _("Enquiries"),
               _("enquiries begun in this period, without those entered by mistake.")),
        _count("nameless", now, before, _("Enquiries without a name"),
               _("those where nobody’s name was taken.")),
        _count("unmet", now, before, _("Need that was not met"),
               _("enquiries for which nothing was found, or where the person later said that they did "
                 "not get the help. Each counts once.")),
        _measured("minutes", "logged", now, before, Unit.MINUTES, _("Half are logged within"),
                  _("the median of the time from beginning to finishing an enquiry on the screen. Those "
                    "left unfinished are left out."), at=0),
        _measured("minutes", "logged", now, before, Unit.MINUTES, _("Nine in ten are logged within"),
                  _("the time that nine in ten enquiries take at most (the 90th percentile)."), at=1),
        _ratio("of_checklists", "checklists", now, before, _("Referrals from a checklist"),
               _("referrals sent for each First Contact checklist. The published scheme made 3.13: 1,170 "
                 "referrals from 374 checklists.")),
    ]  # fmt: skip


def _count(
    key: str, now: dict[str, Any], before: dict[str, Any], title: str, counted: str
) -> Figure:
    return Figure(key, title, counted, now.get(key, 0), before.get(key, 0))


def _share(
    part: str, of: str, now: dict[str, Any], before: dict[str, Any], title: str, counted: str
) -> Figure:
    parts, wholes = (now.get(part, 0), before.get(part, 0)), (now.get(of, 0), before.get(of, 0))
    return Figure(
        f"{part}-share",
        title,
        counted,
        percent(parts[0], wholes[0]),
        percent(parts[1], wholes[1]),
        Unit.PERCENT,
        part=parts,
        of=wholes,
    )


def _measured(
    key: str,
    of: str,
    now: dict[str, Any],
    before: dict[str, Any],
    unit: Unit,
    title: str,
    counted: str,
    at: int | None = None,
) -> Figure:
    return Figure(
        key if at is None else f"{key}-{at}",
        title,
        counted,
        _tenths(now.get(key), at),
        _tenths(before.get(key), at),
        unit,
        of=(now.get(of, 0), before.get(of, 0)),
    )


def _ratio(
    part: str, of: str, now: dict[str, Any], before: dict[str, Any], title: str, counted: str
) -> Figure:
    parts, wholes = (now.get(part, 0), before.get(part, 0)), (now.get(of, 0), before.get(of, 0))
    return Figure(
        part,
        title,
        counted,
        ratio(parts[0], wholes[0]),
        ratio(parts[1], wholes[1]),
        Unit.EACH,
        part=parts,
        of=wholes,
    )


def percent(part: int, whole: int) -> Value:
    if not whole:
        return Missing.NOTHING
    return int((Decimal(100 * part) / whole).quantize(Decimal(1), ROUND_HALF_UP))


def ratio(part: int, whole: int) -> Value:
    if not whole:
        return Missing.NOTHING
    return (Decimal(part) / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _tenths(measured: Any, at: int | None) -> Value:
    if measured is not None and at is not None:
        measured = measured[at]
    if measured is None:
        return Missing.NOTHING
    value = Decimal(str(measured)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return int(value) if value == value.to_integral_value() else value


# --- Tables --------------------------------------------------------------------------------------------


def _tables(counting: Counting, now: dict[str, Any]) -> Iterable[Table]:
    yield _answers(now)
    months = counting.months()
    named = [(date_format(row["month"], "M Y"), row) for row in months]
    yield Table(
        key="sent-by-month",
        title=_("Referrals sent, month by month"),
        counted=_("referrals sent in each of the twelve months up to the end of the period."),
        head=_("Month"),
        columns=(_("Sent"),),
        lines=tuple(Line(name, (row["sent"],)) for name, row in named),
        chart=Chart.COLUMNS,
    )
    yield from _refusals(counting)
    yield _wards(counting)
    channels = counting.channels()
    yield _summed(
        Table(
            key="channels",
            title=_("How people got in touch"),
            counted=_("enquiries begun in this period, by the way in which they came."),
            head=_("Way"),
            columns=(_("Enquiries"),),
            lines=tuple(
                Line(str(label).capitalize(), (channels.get(value, 0),))
                for value, label in Enquiry.Channel.choices
            ),
            chart=Chart.BARS,
        )
    )
    yield Table(
        key="topics",
        title=_("What people ask about"),
        counted=_("enquiries begun in this period, by topic. One about two topics counts in both, so "
                  "the lines add up to more than there were."),
        head=_("Topic"),
        columns=(_("Enquiries"),),
        lines=tuple(Line(row["name"], (row["enquiries"],)) for row in counting.topics()),
        chart=Chart.BARS,
    )  # fmt: skip
    yield Table(
        key="support",
        title=_("Done by them, with them or for them"),
        counted=_("enquiries of each of the twelve months up to the end of the period where staff noted "
                  "how it was done. The fewer are done for people, the more independent they grow."),
        head=_("Month"),
        columns=(_("By themselves"), _("With them"), _("For them")),
        lines=tuple(Line(name, (row["self"], row["with"], row["for"])) for name, row in named),
        chart=Chart.STACKED,
    )  # fmt: skip


def _answers(now: dict[str, Any]) -> Table:
    labels = {
        Loop.GOT_HELP: _("Yes, I got the help"),
        Loop.GOT_SOME_HELP: _("I got some of the help"),
        Loop.DID_NOT_GET_HELP: _("No, I did not get the help"),
        Loop.NO_LONGER_NEEDED: _("I no longer need it"),
        Loop.COULD_NOT_REACH: _("Could not be reached"),
        Loop.ASKED_NOT_TO_BE_CONTACTED: _("Asked not to be contacted"),
    }
    counts = {loop: now.get(loop, 0) for loop in labels}
    waiting = now.get("to_ask", 0) - sum(counts.values())
    lines = [Line(label, (counts[loop],)) for loop, label in labels.items()]
    return _summed(
        Table(
            key="answers",
            title=_("Did people get the help?"),
            counted=_("referrals of this period that have ended, by the person’s own answer. They are "
                      "asked after 14 and after 90 days; the last answer counts. Withdrawn and "
                      "duplicate ones are left out."),
            head=_("Answer"),
            columns=(_("Referrals"),),
            lines=(*lines, Line(_("No answer yet"), (max(waiting, 0),))),
            chart=Chart.BARS,
        )
    )  # fmt: skip


def _refusals(counting: Counting) -> Iterable[Table]:
    """Where there are gaps: by the type of service, and why."""
    rows = counting.refusals()
    refused = [row for row in rows if row["reason"]]
    types = sorted({row["type"] for row in rows}, key=lambda name: (name == "", name))
    yield _summed(
        Table(
            key="gaps",
            title=_("Where there are gaps: what was turned down"),
            counted=_(
                "referrals of this period that the organisation turned down, could not carry out "
                "or cancelled, beside all that were sent, by what the service is mainly about."
            ),
            head=_("Type of service"),
            columns=(_("Turned down"), _("Sent")),
            lines=tuple(
                Line(
                    name or _("No topic"),
                    (
                        sum(row["referrals"] for row in refused if row["type"] == name),
                        sum(row["referrals"] for row in rows if row["type"] == name),
                    ),
                )
                for name in types
            ),
            chart=Chart.BARS,
        )
    )
    reasons = dict(Reason.choices)
    yield _summed(
        Table(
            key="refusals",
            title=_("Why they were turned down"),
            counted=_(
                "the same referrals, by type of service and the reason that was given, the most "
                "frequent first."
            ),
            head=_("Type of service, and why"),
            columns=(_("Turned down"),),
            lines=tuple(
                Line(
                    f"{row['type'] or _('No topic')}: {str(reasons.get(row['reason'], '–')).lower()}",
                    (row["referrals"],),
                )
                for row in refused
            ),
            fold=True,
        )
    )


def _wards(counting: Counting) -> Table:
    return _summed(
        Table(
            key="wards",
            title=_("Need that was not met, by ward"),
            counted=_("enquiries begun in this period, by the ward of the postcode; and of them those "
                      "for which nothing was found, or where the person later said that they did not "
                      "get the help."),
            head=_("Ward"),
            columns=(_("Not met"), _("Enquiries")),
            lines=tuple(
                Line(row["name"] or _("Not known"), (row["unmet"], row["enquiries"]))
                for row in counting.wards()
            ),
            chart=Chart.BARS,
            fold=True,
        )
    )  # fmt: skip


def _of_a_hub_only(counting: Counting) -> Iterable[Table]:
    """What names an organisation: between a hub and those it works with, and for nobody else."""
    yield Table(
        key="silent",
        title=_("Services that owe an answer"),
        counted=_("services of which nothing has been heard for more than ten working days, with what "
                  "they were sent in this period."),
        head=_("Service"),
        columns=(_("No answer"), _("Sent")),
        lines=tuple(
            Line(f"{row['name']} ({row['organisation']})", (row["silent"], row["sent"]))
            for row in counting.silent_services()
        ),
    )  # fmt: skip
    yield Table(
        key="never",
        title=_("Organisations that have never answered"),
        counted=_("organisations that have answered nothing of what this access point ever sent them, "
                  "some of it more than ten working days ago. Only you see this."),
        head=_("Organisation"),
        columns=(_("Sent, ever"),),
        lines=tuple(Line(row["name"], (row["sent"],)) for row in counting.never_replying()),
    )  # fmt: skip


def _summed(table: Table) -> Table:
    """With the sum of its lines, which are counts here: nothing is hidden yet."""
    sums: tuple[Value, ...] = tuple(
        sum(count_of(line.cells[n]) for line in table.lines) for n in range(len(table.columns))
    )
    return table.with_lines(table.lines, Line(_("All together"), sums))
