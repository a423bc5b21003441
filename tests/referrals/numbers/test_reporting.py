"""Every number against data small enough to count by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dcsn.figures.periods import Period, period_of
from referrals.clocks import OVERDUE_AFTER, due_on
from referrals.models import Enquiry
from referrals.numbers.counting import silent_since
from referrals.numbers.reporting import (
    QUERIES,
    QUERIES_OF_A_HUB,
    percent,
    ratio,
    report_of_hub,
    report_of_network,
)
from referrals.numbers.shapes import Missing, Report, Table
from referrals.states import Loop, Reason
from tests.factories.organisation import OrganisationFactory
from tests.factories.person import access_point
from tests.factories.service import ServiceFactory
from tests.factories.topic import TopicFactory
from tests.referrals.numbers.sending import TODAY, asked, at, sent

pytestmark = pytest.mark.django_db

QUARTER = period_of("quarter-2026-07", TODAY)
# A Monday in the quarter, and one in the quarter before.
DAY, EARLIER = date(2026, 7, 6), date(2026, 4, 20)


@pytest.fixture
def hub():
    return access_point()


@pytest.fixture
def service():
    return ServiceFactory(organisation=OrganisationFactory())


def of_hub(hub, period: Period = QUARTER, today: date = TODAY) -> Report:
    return report_of_hub(hub=hub.id, name=hub.name, period=period, today=today)


def figure(report: Report, key: str) -> tuple[object, object]:
    found = next(one for one in report.figures if one.key == key)
    return found.now, found.before


def table(report: Report, key: str) -> Table:
    return next(one for one in report.tables if one.key == key)


def lines(report: Report, key: str) -> dict[str, tuple[object, ...]]:
    return {line.label: line.cells for line in table(report, key).lines}


def test_an_empty_portal_has_nothing_to_show(hub):
    report = of_hub(hub)
    assert report.is_empty
    assert {one.now for one in report.figures} == {0, Missing.NOTHING}
    assert all(one.is_empty for one in report.tables)


def test_sent_acknowledged_accepted_and_finished_are_of_those_sent_in_the_period(hub, service):
    sent(hub, DAY, service=service)
    sent(hub, DAY, service=service, state="received", seen=DAY)
    sent(hub, DAY, service=service, state="in-progress", seen=DAY, begun=DAY)
    sent(hub, DAY, service=service, state="completed", seen=DAY, begun=DAY)
    sent(hub, DAY, service=service, state="rejected", seen=DAY)
    # None of these counts: by mistake, not sent yet, of another time.
    sent(hub, DAY, service=service, state="entered-in-error")
    sent(hub, date(2026, 10, 1), service=service)
    sent(hub, date(2026, 3, 31), service=service)
    # The period before.
    sent(hub, EARLIER, service=service, state="rejected", seen=EARLIER)

    report = of_hub(hub)

    assert figure(report, "sent") == (5, 1)
    assert figure(report, "acknowledged") == (4, 1)
    assert figure(report, "accepted") == (2, 0)
    assert figure(report, "completed") == (1, 0)


def test_the_first_and_the_last_moment_of_a_period_are_londons(hub, service):
    row = sent(hub, DAY, service=service)
    for moment, counts in (
        (QUARTER.bounds[0], 1),
        (QUARTER.bounds[0] - timedelta(seconds=1), 0),
        (QUARTER.bounds[1] - timedelta(seconds=1), 1),
        (QUARTER.bounds[1], 0),
    ):
        type(row).objects.filter(pk=row.pk).update(requested_at=moment)
        assert figure(of_hub(hub), "sent")[0] == counts


def test_another_hub_is_not_counted_in_and_the_network_counts_both(hub, service):
    other = access_point()
    sent(hub, DAY, service=service)
    sent(other, DAY, service=service)
    sent(other, DAY, service=service)
    assert figure(of_hub(hub), "sent")[0] == 1
    assert figure(of_hub(hub), "enquiries")[0] == 1
    network = report_of_network(name="The network", period=QUARTER, today=TODAY)
    assert figure(network, "sent")[0] == 3
    assert figure(network, "enquiries")[0] == 3


def test_loops_are_closed_by_the_person_or_their_carer_only(hub, service):
    ended = {"service": service, "state": "completed", "seen": DAY}
    sent(hub, DAY, **ended, answer=Loop.GOT_HELP)
    sent(hub, DAY, **ended, answer=Loop.GOT_SOME_HELP, answered_by="carer")
    sent(hub, DAY, **ended, answer=Loop.DID_NOT_GET_HELP)
    sent(hub, DAY, **ended, loop=Loop.COULD_NOT_REACH)
    sent(hub, DAY, **ended, loop=Loop.ASKED_NOT_TO_BE_CONTACTED)
    sent(hub, DAY, **ended)
    # Taken back by the person: never asked, so not among those that could have been closed.
    sent(hub, DAY, service=service, state="cancelled", reason=Reason.DUPLICATE, loop=Loop.NOT_ASKED)
    # Has not ended.
    sent(hub, DAY, service=service, state="accepted", seen=DAY)

    report = of_hub(hub)

    assert figure(report, "closed_by_person-share")[0] == 50  # three of six
    assert figure(report, "got-help-share")[0] == 33  # one of the three who answered
    assert {label: cells[0] for label, cells in lines(report, "answers").items()} == {
        "Yes, I got the help": 1,
        "I got some of the help": 1,
        "No, I did not get the help": 1,
        "I no longer need it": 0,
        "Could not be reached": 1,
        "Asked not to be contacted": 1,
        "No answer yet": 1,
    }
    assert table(report, "answers").total.cells == (6,)


def test_acknowledgement_is_measured_in_working_days_with_englands_bank_holidays(hub, service):
    # Monday to Thursday: 3. Friday 28 August over the bank holiday of 31 August to Tuesday: 1.
    sent(hub, DAY, service=service, state="received", seen=date(2026, 7, 9))
    sent(hub, date(2026, 8, 28), service=service, state="received", seen=date(2026, 9, 1))
    report = of_hub(hub)
    assert figure(report, "acknowledged_after") == (2, Missing.NOTHING)
    # On a Saturday it is seen on the same working day as on the Friday before.
    sent(hub, date(2026, 8, 28), service=service, state="received", seen=date(2026, 8, 29))
    assert figure(of_hub(hub), "acknowledged_after")[0] == 1


def test_first_help_is_measured_in_days_and_half_days_are_said(hub, service):
    for days in (3, 10):
        sent(hub, DAY, service=service, state="in-progress", seen=DAY,
             begun=DAY + timedelta(days=days))  # fmt: skip
    assert figure(of_hub(hub), "begun_after") == (Decimal("6.5"), Missing.NOTHING)


@pytest.mark.parametrize("working_days_ago", [9, 10, 11, 12])
def test_overdue_is_what_the_clock_calls_overdue(hub, service, working_days_ago):
    day = TODAY
    while working_days_ago:
        day -= timedelta(days=1)
        working_days_ago -= day.weekday() < 5
    sent(hub, day, service=service)
    overdue = due_on(at(day), OVERDUE_AFTER) < TODAY
    report = of_hub(hub, period_of("quarter-2026-10", TODAY))
    assert figure(report, "silent")[0] == int(overdue)
    assert figure(report, "silent_services")[0] == int(overdue)
    assert table(report, "silent").is_empty != overdue


def test_silence_is_counted_from_the_last_day_that_is_late():
    since = silent_since(TODAY)
    assert (
        due_on(at(since), OVERDUE_AFTER) < TODAY <= due_on(at(since + timedelta(1)), OVERDUE_AFTER)
    )


def test_services_that_owe_an_answer_are_named_to_the_hub_alone(hub, service):
    other = ServiceFactory(organisation=OrganisationFactory())
    sent(hub, DAY, service=service)
    sent(hub, DAY, service=service, state="received", seen=DAY)
    sent(hub, DAY, service=other, state="received", seen=DAY)
    assert lines(of_hub(hub), "silent") == {f"{service.name} ({service.organisation.name})": (1, 2)}
    network = report_of_network(name="x", period=QUARTER, today=TODAY)
    said = repr(network)
    assert service.name not in said
    assert service.organisation.name not in said


def test_who_never_answered_is_told_over_all_time_and_ends_with_one_answer(hub, service):
    sent(hub, date(2025, 1, 6), service=service)
    sent(hub, DAY, service=service)
    assert lines(of_hub(hub), "never") == {service.organisation.name: (2,)}
    sent(hub, date(2024, 1, 8), service=service, state="received", seen=date(2024, 1, 9))
    assert table(of_hub(hub), "never").is_empty


def test_who_was_only_just_asked_is_not_said_never_to_answer(hub, service):
    sent(hub, TODAY - timedelta(days=2), service=service)
    assert table(of_hub(hub), "never").is_empty


def test_gaps_are_counted_once_by_what_the_service_is_mainly_about(hub):
    second, first = (
        TopicFactory(name="Getting about", position=2),
        TopicFactory(name="Help at home", position=1),
    )
    below = TopicFactory(name="Bathing", parent=first)
    both = ServiceFactory(organisation=OrganisationFactory())
    both.terms.set([second, below])
    without = ServiceFactory(organisation=OrganisationFactory())
    sent(hub, DAY, service=both, state="rejected", seen=DAY, reason=Reason.NO_CAPACITY)
    sent(hub, DAY, service=both, state="failed", seen=DAY, reason=Reason.NO_CAPACITY)
    sent(hub, DAY, service=both, state="rejected", seen=DAY, reason=Reason.NOT_ELIGIBLE)
    sent(hub, DAY, service=without, state="rejected", seen=DAY, reason=Reason.NO_FUNDS)
    # The hub took it back: no gap.
    sent(hub, DAY, service=both, state="cancelled", reason=Reason.NO_LONGER_NEEDED)

    report = of_hub(hub)

    assert lines(report, "refusals") == {
        "Help at home: no room at the moment": (2,),
        "Help at home: the service is not for people in their situation": (1,),
        "No topic: no money for it": (1,),
    }
    assert table(report, "refusals").total.cells == (4,)
    # Beside all that was sent; what the hub took back was sent too.
    assert lines(report, "gaps") == {"Help at home": (3, 4), "No topic": (1, 1)}


def test_need_that_was_not_met_counts_each_enquiry_once_by_its_ward(hub, service):
    nothing_found = asked(hub, DAY, unmet=True, ward="E05000001")
    for _time in range(2):
        sent(hub, DAY, service=service, state="completed", seen=DAY, enquiry=nothing_found,
             answer=Loop.DID_NOT_GET_HELP)  # fmt: skip
    helped = asked(hub, DAY, ward="E05000001")
    sent(hub, DAY, service=service, state="completed", enquiry=helped, answer=Loop.GOT_HELP)
    did_not = asked(hub, DAY)
    sent(hub, DAY, service=service, state="rejected", seen=DAY, enquiry=did_not,
         answer=Loop.DID_NOT_GET_HELP)  # fmt: skip
    asked(hub, DAY, unmet=True, state=Enquiry.State.ENTERED_IN_ERROR, ward="E05000001")

    report = of_hub(hub)

    assert lines(report, "wards") == {"E05000001": (1, 2), "Not known": (1, 1)}
    assert table(report, "wards").total.cells == (2, 3)
    assert figure(report, "unmet")[0] == 2
    assert figure(report, "enquiries")[0] == 3


def test_time_to_log_leaves_out_what_was_left_open_or_given_up(hub):
    for minutes in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100):
        asked(hub, DAY, minutes=minutes)
    asked(hub, DAY, minutes=None)
    asked(hub, DAY, minutes=600, state=Enquiry.State.ABANDONED)
    asked(hub, DAY, minutes=600, state=Enquiry.State.ENTERED_IN_ERROR)
    report = of_hub(hub)
    assert figure(report, "minutes-0") == (6, Missing.NOTHING)
    assert figure(report, "minutes-1") == (10, Missing.NOTHING)


def test_channels_and_topics(hub):
    top, other = TopicFactory(name="Health", position=1), TopicFactory(name="Money", position=2)
    below = TopicFactory(name="Feet", parent=top)
    asked(hub, DAY, channel="phone", topics=[below, top])
    asked(hub, DAY, channel="phone", topics=[below, other])
    asked(hub, DAY, channel="walk-in")
    asked(hub, EARLIER, channel="post", topics=[top])

    report = of_hub(hub)

    counts = {label: cells[0] for label, cells in lines(report, "channels").items()}
    assert (counts["Rang"], counts["Came in"], counts["Wrote a letter"]) == (2, 1, 0)
    assert table(report, "channels").total.cells == (3,)
    # One about feet and health is about health once; one about two topics is in both.
    assert lines(report, "topics") == {"Health": (2,), "Money": (1,)}


def test_done_with_them_or_for_them_by_month_of_twelve(hub, service):
    asked(hub, date(2026, 9, 30), support="for", started_at=at(date(2026, 9, 30), 23))
    asked(hub, date(2026, 9, 1), support="with")
    asked(hub, date(2025, 10, 1), support="self", started_at=at(date(2025, 10, 1), 0))
    asked(hub, date(2025, 9, 30), support="self")
    asked(hub, date(2026, 9, 1))
    sent(hub, date(2026, 9, 30), service=service)
    report = of_hub(hub)
    months = table(report, "support").lines
    assert [line.label for line in months][::11] == ["Oct 2025", "Sep 2026"]
    assert months[-1].cells == (0, 1, 1)
    assert months[0].cells == (1, 0, 0)
    assert sum(int(cell) for line in months for cell in line.cells) == 3
    assert [line.cells[0] for line in table(report, "sent-by-month").lines] == [0] * 11 + [1]


def test_referrals_of_a_checklist(hub, service):
    for count in (3, 2, 0):
        enquiry = asked(hub, DAY, origin=Enquiry.Origin.CHECKLIST)
        for _number in range(count):
            sent(hub, DAY, service=service, enquiry=enquiry)
    asked(hub, DAY)
    assert figure(of_hub(hub), "of_checklists")[0] == Decimal("1.67")


def test_shares_and_ratios_of_nothing_are_nothing():
    assert percent(0, 0) is Missing.NOTHING
    assert ratio(3, 0) is Missing.NOTHING
    assert percent(1, 200) == 1  # a half is rounded up
    assert ratio(1170, 374) == Decimal("3.13")  # the published scheme


def test_the_queries_do_not_grow_with_the_rows(hub, service):
    def count() -> tuple[int, int]:
        with CaptureQueriesContext(
            connection,
        ) as of_one:
            of_hub(hub)
        with CaptureQueriesContext(connection) as of_all:
            report_of_network(name="x", period=QUARTER, today=TODAY)
        return len(of_one), len(of_all)

    sent(hub, DAY, service=service)
    few = count()
    for _number in range(8):
        sent(access_point(), DAY, service=ServiceFactory(), state="rejected", seen=DAY)
        sent(hub, DAY, service=ServiceFactory(), state="completed", seen=DAY)
        asked(hub, DAY, ward=f"E0500000{_number}", topics=[TopicFactory()])
    assert count() == few == (QUERIES_OF_A_HUB, QUERIES)
