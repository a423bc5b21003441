"""Tables of members and money. Each is one query, however many members there are."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import connection
from django.db.models import (
    Count,
    DateField,
    OuterRef,
    Q,
    Subquery,
    Sum,
)
from django.db.models.functions import TruncMonth
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dcsn.figures.shapes import Chart, Line, Missing, Pence, Share, Table, count_of
from dcsn.figures.small import hidden_of
from members.models import (
    Account,
    Concession,
    JournalLine,
    Membership,
    Plan,
    Status,
    Term,
)
from members.models.membership import MEMBER

MONTHS_SHOWN = 24
YEARS_AFTER = 3
INCOME = (Account.MEMBERSHIPS, Account.TOKENS_SPENT, Account.TOKENS_EXPIRED)


def by_plan_and_state(today: date) -> Table:
    counts: dict[tuple[Any, str], int] = {
        (row["plan"], row["status_then"]): row["count"]
        for row in Membership.objects.with_status(today)
        .values("plan", "status_then")
        .order_by()
        .annotate(count=Count("pk"))
    }
    lines = [
        Line(plan.name, tuple(counts.get((plan.pk, status), 0) for status in Status))
        for plan in Plan.objects.order_by("position", "name")
        if any((plan.pk, status) in counts for status in Status)
    ]
    total = tuple(
        sum(count for (_plan, of), count in counts.items() if of == status) for status in Status
    )
    return Table(
        key="plans",
        title=_("Members by plan and state"),
        counted=_("memberships, each in the state that follows from its dates today."),
        head=_("Plan"),
        columns=tuple(str(status.label) for status in Status),
        lines=tuple(lines),
        total=Line(_("All"), total),
    )


def members_of(table: Table) -> int:
    """From the table above: new, current and just run out."""
    assert table.total is not None  # noqa: S101
    return sum(
        count_of(cell)
        for status, cell in zip(Status, table.total.cells, strict=True)
        if status in MEMBER
    )


_COHORTS = """
    SELECT date_trunc(%s, m.joined_on)::date AS cohort, n, count(*) AS of_them,
           count(*) FILTER (WHERE (m.ended_on IS NULL OR m.ended_on > d.day) AND EXISTS (
             SELECT 1 FROM members_term t
             WHERE t.membership_id = m.id AND t.voided_at IS NULL
               AND t.starts_on <= d.day AND t.ends_on >= d.day)) AS stayed
    FROM members_membership m
    CROSS JOIN generate_series(0, %s) AS n
    CROSS JOIN LATERAL (SELECT (m.joined_on + make_interval(years => n))::date AS day) d
    WHERE m.joined_on >= %s AND d.day <= %s
    GROUP BY 1, 2 ORDER BY 1, 2
"""


def retention(today: date, *, by: str) -> Table:
    """Of those who joined in a year or a month: how many were members one, two … years to the day later.

    Only those count of whom that day has come.
    """
    monthly = by == "month"
    first = (
        today.replace(day=1) - relativedelta(months=MONTHS_SHOWN + 11)
        if monthly
        else date(today.year - 9, 1, 1)
    )
    cohorts: dict[date, dict[int, tuple[int, int]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_COHORTS, ["month" if monthly else "year", YEARS_AFTER, first, today])
        for cohort, after, of_them, stayed in cursor.fetchall():
            cohorts[cohort][after] = (stayed, of_them)
    after = range(1, (2 if monthly else YEARS_AFTER) + 1)
    lines = [
        Line(
            date_format(cohort, "F Y") if monthly else str(cohort.year),
            (
                *(Share(*found[n]) if n in found else Missing.NOTHING for n in after),
                found.get(0, (0, 0))[1],
            ),
        )
        for cohort, found in sorted(cohorts.items())
    ]
    return Table(
        key="retention",
        title=_("Who stays, by when they joined"),
        counted=_(
            "members who joined then and were members on that day so many years later. Only those "
            "of whom the day has come; those who were just late to renew count once they have."
        ),
        head=_("Joined"),
        columns=(
            *(
                _("after 1 year") if n == 1 else _("after %(count)s years") % {"count": n}
                for n in after
            ),
            _("joined"),
        ),
        lines=tuple(lines),
        chart=Chart.COLUMNS if len(lines) > 1 else Chart.NONE,
    )


def staying_percent(table: Table) -> int | None:
    """From a table by years: of all whose first year is over, how many went on."""
    shares = [line.cells[0] for line in table.lines]
    part = sum(share.part for share in shares if isinstance(share, Share))
    of = sum(share.of for share in shares if isinstance(share, Share))
    return Share(part, of).percent if of else None


def joined_in_the_last_year(today: date) -> int:
    return Membership.objects.filter(
        joined_on__gt=today - relativedelta(years=1), joined_on__lte=today
    ).count()


def income_by_month(today: date) -> Table:
    """From the journal, so that what was voided or given back is taken off where it was."""
    first = today.replace(day=1) - relativedelta(months=MONTHS_SHOWN - 1)
    sums: dict[date, dict[str, int]] = defaultdict(dict)
    rows = (
        JournalLine.objects.filter(account__in=INCOME, entry__at__date__gte=first)
        .annotate(month=TruncMonth("entry__at", output_field=DateField()))
        .values("month", "account")
        .order_by()
        # Income is a credit, which the journal writes below nought.
        .annotate(sum=-Sum("pence"))
    )
    for row in rows:
        sums[row["month"]][row["account"]] = row["sum"]
    months = [first + relativedelta(months=number) for number in range(MONTHS_SHOWN)]
    lines = []
    for month in months:
        of_each = [sums[month].get(account, 0) for account in INCOME]
        lines.append(Line(date_format(month, "M Y"), tuple(map(Pence, (sum(of_each), *of_each)))))
    totals = tuple(
        Pence(sum(count_of(line.cells[n]) for line in lines)) for n in range(len(INCOME) + 1)
    )
    return Table(
        key="income",
        title=_("Income by month"),
        counted=_("as the journal has it: what was voided or given back is taken off."),
        head=_("Month"),
        columns=(_("all"), _("memberships"), _("tokens spent"), _("tokens expired")),
        lines=tuple(lines),
        total=Line(_("Together"), totals),
        chart=Chart.COLUMNS,
    )


def by_source(today: date) -> tuple[Table, Share]:
    """By what members came by the term that they are in; and the share of those who pay nothing."""
    latest = (
        Term.objects.filter(membership=OuterRef("pk"), voided_at=None)
        .order_by("-ends_on", "id")
        .values("source")[:1]
    )
    counts = {
        row["source"]: row["count"]
        for row in Membership.objects.with_dates()
        .filter(stored="", last_day__gte=today)
        .annotate(source=Subquery(latest))
        .values("source")
        .order_by()
        .annotate(count=Count("pk"))
    }
    everybody = sum(counts.values())
    free = everybody - counts.get(Term.Source.PAYMENT, 0)
    table = _protected(
        Table(
            key="sources",
            title=_("How members came by their year"),
            counted=_(
                "members today, by what brought their latest term. Fewer than five are not shown, "
                "nor what would give them away."
            ),
            head=_("By"),
            columns=(_("members"),),
            lines=tuple(
                Line(str(source.label), (counts.get(source, 0),)) for source in Term.Source
            ),
            total=Line(_("All"), (everybody,)),
            chart=Chart.BARS,
        )
    )
    return table, Share(free, everybody)


def safety_net(today: date) -> Table:
    """What was asked of the safety net in the last year, by what became of it."""
    since = today - relativedelta(years=1)
    counts = {
        row["state"]: row["count"]
        for row in Concession.objects.filter(asked_at__date__gt=since)
        .values("state")
        .order_by()
        .annotate(count=Count("pk"))
    }
    return _protected(
        Table(
            key="safety-net",
            title=_("The safety net, the last twelve months"),
            counted=_(
                "how often it was asked for, by what it has come to. Fewer than five are not shown, "
                "nor what would give them away."
            ),
            head=_("It is"),
            columns=(_("times"),),
            lines=tuple(
                Line(str(state.label), (counts.get(state, 0),)) for state in Concession.State
            ),
            total=Line(_("All"), (sum(counts.values()),)),
            chart=Chart.NONE,
        )
    )


def _protected(table: Table) -> Table:
    """One column of counts with a total: the small ones taken out."""
    assert table.total is not None  # noqa: S101
    cells = [line.cells[0] for line in table.lines]
    hidden = hidden_of(cells, has_total=True)
    lines = [
        Line(line.label, (Missing.HIDDEN if n in hidden else line.cells[0],))
        for n, line in enumerate(table.lines)
    ]
    total = table.total
    if 0 < int(total.cells[0]) < 5:  # type: ignore[arg-type]
        total = Line(total.label, (Missing.HIDDEN,))
    return table.with_lines(lines, total)


def usual_price(today: date) -> int:
    """In pence, of the plan that most are on."""
    plan = (
        Plan.objects.annotate(count=Count("memberships", filter=Q(memberships__stored="")))
        .order_by("-count", "position", "name")
        .first()
    )
    terms = plan.terms_on(today) if plan else None
    return terms.price_pence if terms else 0
