"""The safety net: one term for one decision, two people for an appeal, and nothing that tells of a purse."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.http import Http404
from django.test import Client
from django.utils import timezone

from dcsn.audit.models import Event
from dcsn.messages.models import Message
from dcsn.privacy import erase_person, export_person
from dcsn.privacy.retention import run_retention
from members.membership.periods import last_day
from members.models import Concession, ConcessionRenewal, Membership, Person, Status, Term
from members.refusals import Refused
from members.safety_net.actions import ask, grant, holds, price_of, refuse, renew, withdraw
from members.safety_net.appeals import appeal, confirm, propose
from members.safety_net.no_numbers import refuse_numbers
from members.safety_net.refusals import MovedOn, NoLongerHolds, NotYours, TooEarly
from members.safety_net.reviews import end, note_told, review
from tests.conftest import Cast
from tests.factories.concession import appealed, asked, granted, refused
from tests.factories.membership import TESTS, PlanFactory, PlanTermsFactory, membership
from tests.factories.person import PersonFactory, access_point
from tests.factories.user import UserFactory

pytestmark = pytest.mark.django_db
Evidence, Ground, State = Concession.Evidence, Concession.Ground, Concession.State

AT_HOME = {"contact_by": "post", "address_1": "1 Example Terrace", "postcode": "DL3 7XX"}


@pytest.fixture
def here(cast: Cast, desk: Any) -> Callable[..., Membership]:
    """A membership at the cast's access point, waiting."""

    def make(**facts: Any) -> Membership:
        person = facts.pop("person", None) or PersonFactory(organisation=desk)
        return membership(person=person, source=facts.pop("source", None), **facts)

    return make


# --- One decision, one term ------------------------------------------------------------------------------


def test_a_grant_gives_the_term_once_however_often_it_is_pressed(
    cast: Cast, here: Callable[..., Membership]
) -> None:
    question = asked(membership=here())
    for _press in range(3):
        decided = grant(
            concession=question, evidence=Evidence.BENEFIT_LETTER, by=cast.access_point_staff
        )
    assert decided.state == State.GRANTED
    term = Term.objects.get(membership=question.membership)
    assert (term.source, term.source_id) == (Term.Source.CONCESSION, question.id)
    today = timezone.localdate()
    assert question.membership.ends_on == last_day(today, question.membership.plan_terms)
    assert question.membership.status(today) == Status.PENDING, "the object at hand is the old one"
    assert Membership.objects.get().status(today) == Status.NEW
    assert Event.objects.filter(type="safety_net:moved").count() == 1


def test_nobody_answers_their_own_question_whatever_their_role(
    cast: Cast, here: Callable[..., Membership], client_as: Any, desk: Any
) -> None:
    # Given a hub lead who asks for the safety net
    own = PersonFactory(organisation=desk, user=cast.hub_lead)
    question = asked(membership=here(person=own))
    for answer in (
        lambda: grant(concession=question, evidence=Evidence.BENEFIT_LETTER, by=cast.hub_lead),
        lambda: refuse(concession=question, reasons="No", by=cast.hub_lead),
    ):
        with pytest.raises(NotYours, match="about yourself"):
            answer()
    client = client_as(cast.hub_lead)
    assert "Somebody else has to answer it" in client.get(question.get_absolute_url()).text
    # Asked at the desk with a letter in the hand, it goes on the list instead of being granted at once
    assert not Term.objects.exists()
    # When somebody else grants it, they do not say themselves that it still holds
    grant(concession=question, evidence=Evidence.BENEFIT_LETTER, by=cast.membership_officer)
    with pytest.raises(NotYours, match="about yourself"):
        review(concession=question, evidence=Evidence.BENEFIT_LETTER, by=cast.hub_lead)


def test_nobody_is_one_of_the_two_who_look_at_their_own_again(
    cast: Cast, here: Callable[..., Membership], desk: Any
) -> None:
    own = PersonFactory(organisation=desk, user=cast.hub_lead)
    mine = appealed(membership=here(person=own), by=cast.membership_officer)
    with pytest.raises(NotYours, match="about yourself"):
        propose(concession=mine, proposal="grant", by=cast.hub_lead)
    other = UserFactory()
    Concession.objects.filter(pk=mine.pk).update(
        proposal="grant", proposed_by=other, proposed_at=timezone.now()
    )
    with pytest.raises(NotYours, match="about yourself"):
        confirm(concession=mine, agree=True, by=cast.hub_lead)


@pytest.mark.parametrize("waits", [True, False])
def test_a_safety_net_with_a_price_is_not_told_as_nothing_to_pay(
    cast: Cast, here: Callable[..., Membership], desk: Any, waits: bool
) -> None:
    plan = PlanFactory(terms__price_pence=2500, terms__concession_pence=1000)
    source = None if waits else Term.Source.PAYMENT
    mine = here(person=PersonFactory(organisation=desk, **AT_HOME), plan=plan, source=source)
    granted(membership=mine, by=cast.hub_lead)
    told = Message.objects.get().body
    assert "nothing to pay" not in told
    assert "You can be a member at the lower price, £10 a year." in told
    assert ("You are a member until" in told) is not waits


def test_asking_twice_is_one_question(here: Callable[..., Membership]) -> None:
    mine, key = here(), uuid.uuid4()
    first = asked(membership=mine, key=key)
    assert asked(membership=mine, key=key) == first
    assert asked(membership=mine, ground=Ground.CARER) == first, "while one is open"
    assert Concession.objects.count() == 1


def test_renewing_is_simple_while_the_decision_holds(
    cast: Cast, here: Callable[..., Membership]
) -> None:
    mine = granted(by=cast.hub_lead, membership=here()).membership
    ended = mine.ends_on
    soon = ended - timedelta(days=20)
    key = uuid.uuid4()
    term = renew(membership=mine, by=cast.access_point_staff, key=key, on=soon)
    assert renew(membership=mine, by=cast.access_point_staff, key=key, on=soon) == term
    assert term.starts_on == ended + timedelta(days=1)
    assert term.source_id == ConcessionRenewal.objects.get().id
    with pytest.raises(TooEarly):
        renew(membership=mine, by=cast.access_point_staff, key=uuid.uuid4(), on=soon)


def test_past_the_day_of_review_it_is_asked_anew(
    cast: Cast, here: Callable[..., Membership]
) -> None:
    old = granted(by=cast.hub_lead, membership=here())
    late = old.review_on + timedelta(days=1)
    assert holds(old.membership, old.review_on)
    assert not holds(old.membership, late)
    with pytest.raises(NoLongerHolds):
        renew(membership=old.membership, by=cast.hub_lead, key=uuid.uuid4(), on=late)
    Concession.objects.update(review_on=timezone.localdate() - timedelta(days=1))
    new = asked(membership=old.membership)
    assert new.pk != old.pk
    old.refresh_from_db()
    assert (old.state, new.state) == (State.ENDED, State.ASKED)


def test_whoever_has_paid_for_longer_gets_nothing_in_advance(
    cast: Cast, here: Callable[..., Membership]
) -> None:
    paid = here(source=Term.Source.PAYMENT)
    ends_on = paid.ends_on
    granted(by=cast.hub_lead, membership=paid)
    paid = Membership.objects.get()
    assert paid.ends_on == ends_on
    assert holds(paid), "it counts at the renewal"


def test_where_the_safety_net_has_a_price_it_is_paid(
    cast: Cast, here: Callable[..., Membership]
) -> None:
    plan = PlanFactory(terms__price_pence=1000, terms__concession_pence=200)
    mine = here(plan=plan)
    assert price_of(mine) == 1000
    granted(by=cast.hub_lead, membership=mine)
    assert price_of(mine) == 200
    assert not Term.objects.exists()
    with pytest.raises(NoLongerHolds):
        renew(membership=mine, by=cast.hub_lead, key=uuid.uuid4())


def test_a_later_price_does_not_change_what_was_granted(
    cast: Cast, here: Callable[..., Membership]
) -> None:
    mine = granted(by=cast.hub_lead, membership=here()).membership
    before = list(Term.objects.values())
    PlanTermsFactory(plan=mine.plan, valid_from=timezone.localdate(), price_pence=2000)
    assert list(Term.objects.values()) == before
    assert price_of(mine) == 0


def test_an_ended_membership_is_not_asked_for(cast: Cast, here: Callable[..., Membership]) -> None:
    from members.actions.memberships import end_membership

    mine = here()
    end_membership(membership=mine, stored=Status.CANCELLED, by=cast.hub_lead)
    with pytest.raises(Refused):
        asked(membership=mine)


# --- Who decides ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ground", "evidence", "may"),
    [
        (Ground.BENEFIT, Evidence.BENEFIT_LETTER, True),
        (Ground.BENEFIT, Evidence.BENEFIT_ONLINE, True),
        (Ground.CARER, Evidence.CARER_LETTER, True),
        (Ground.CARE_LEAVER, Evidence.CARE_LEAVER_LETTER, True),
        (Ground.BENEFIT, Evidence.WORD, False),
        (Ground.CARER, Evidence.KNOWN, False),
        (Ground.HARDSHIP, Evidence.BENEFIT_LETTER, False),
        (Ground.HARDSHIP, Evidence.PROFESSIONAL, False),
    ],
)
def test_staff_grant_a_simple_check_and_leave_the_rest(
    cast: Cast, here: Callable[..., Membership], ground: str, evidence: str, may: bool
) -> None:
    question = asked(membership=here(), ground=ground)
    if may:
        grant(concession=question, evidence=evidence, by=cast.access_point_staff)
    else:
        with pytest.raises(NotYours):
            grant(concession=question, evidence=evidence, by=cast.access_point_staff)
        grant(concession=question, evidence=evidence, by=cast.hub_lead)
    question.refresh_from_db()
    assert question.state == State.GRANTED


def test_only_a_lead_says_no(cast: Cast, here: Callable[..., Membership]) -> None:
    question = asked(membership=here())
    with pytest.raises(PermissionDenied):
        refuse(concession=question, reasons="No.", by=cast.access_point_staff)
    for stranger in ("hub_lead", "access_point_staff"):
        with pytest.raises(Http404):
            refuse(concession=question, reasons="No.", by=cast.stranger(stranger))
    with pytest.raises(PermissionDenied):
        grant(concession=question, evidence=Evidence.BENEFIT_LETTER, by=cast.coordinator)
    with pytest.raises(Refused):
        refuse(concession=question, reasons="  ", by=cast.membership_officer)
    refuse(concession=question, reasons="We know too little.", by=cast.membership_officer)
    assert Concession.objects.get().state == State.NOT_GRANTED


def test_a_member_asks_for_themselves_and_for_nobody_else(
    cast: Cast, here: Callable[..., Membership]
) -> None:
    theirs = UserFactory()
    mine = here(person=PersonFactory(organisation=access_point(cast.organisation_id), user=theirs))
    with pytest.raises(Http404):
        ask(membership=mine, ground=Ground.BENEFIT, via="online", by=UserFactory())
    question = ask(membership=mine, ground=Ground.BENEFIT, via="online", by=theirs)
    assert question.asked_by is None, "their account may go"


def test_a_second_answer_does_not_overwrite_the_first(
    cast: Cast, here: Callable[..., Membership]
) -> None:
    question = asked(membership=here())
    refuse(concession=question, reasons="We know too little.", by=cast.hub_lead)
    with pytest.raises(MovedOn):
        grant(concession=question, evidence=Evidence.WORD, by=cast.membership_officer)
    with pytest.raises(MovedOn):
        refuse(concession=question, reasons="Another.", by=cast.membership_officer)
    assert not Term.objects.exists()


# --- Looking again ------------------------------------------------------------------------------------


def test_an_appeal_is_decided_by_two_who_did_not_refuse_it(
    cast: Cast, here: Callable[..., Membership]
) -> None:
    question = appealed(by=cast.hub_lead, membership=here())
    second = UserFactory(role="hub_lead", role__organisation_id=cast.organisation_id)
    with pytest.raises(NotYours):
        propose(concession=question, proposal="grant", by=cast.hub_lead)
    with pytest.raises(PermissionDenied):
        propose(concession=question, proposal="grant", by=cast.access_point_staff)
    propose(concession=question, proposal="grant", by=cast.membership_officer)
    assert not Term.objects.exists(), "one alone decides nothing"
    for who in (cast.membership_officer, cast.hub_lead):
        with pytest.raises(NotYours):
            confirm(concession=question, agree=True, by=who)
    with pytest.raises(MovedOn):
        propose(concession=question, proposal="refuse", reasons="x", by=second)
    decided = confirm(concession=question, agree=True, by=second)
    assert confirm(concession=question, agree=True, by=second).version == decided.version
    assert decided.state == State.GRANTED
    assert Term.objects.get().source_id == question.id


def test_who_does_not_agree_sends_it_back(cast: Cast, here: Callable[..., Membership]) -> None:
    question = appealed(by=cast.hub_lead, membership=here())
    second = UserFactory(role="hub_lead", role__organisation_id=cast.organisation_id)
    propose(concession=question, proposal="refuse", reasons="Still.", by=cast.membership_officer)
    confirm(concession=question, agree=False, by=second)
    question.refresh_from_db()
    assert (question.state, question.proposal, question.proposed_by) == ("appealed", "", None)
    propose(concession=question, proposal="refuse", reasons="As before.", by=second)
    confirm(concession=question, agree=True, by=cast.membership_officer)
    question.refresh_from_db()
    assert (question.state, question.reasons) == (State.UPHELD, "As before.")
    with pytest.raises(MovedOn):
        appeal(concession=question, via="phone", by=TESTS)
    assert asked(membership=question.membership).state == State.ASKED, "asking anew is never barred"


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"confirmed_by": "first"}, "members_concession_two_are_two"),
        ({"confirmed_by": "refuser"}, "members_concession_not_by_who_refused"),
        ({"proposed_by": "refuser"}, "members_concession_not_by_who_refused"),
        ({"confirmed_by": None}, "members_concession_appeal_by_two"),
    ],
)
def test_the_database_knows_that_two_are_two(
    cast: Cast, here: Callable[..., Membership], wrong: dict[str, Any], name: str
) -> None:
    question = appealed(by=cast.hub_lead, membership=here())
    people = {"refuser": cast.hub_lead, "first": cast.membership_officer, None: None}
    right = {
        "state": State.UPHELD,
        "proposed_by": cast.membership_officer,
        "confirmed_by": UserFactory(),
        "reasons": "No.",
    }
    facts = right | {field: people[who] for field, who in wrong.items()}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Concession.objects.filter(pk=question.pk).update(**facts)
    assert Concession.objects.filter(pk=question.pk).update(**right) == 1


# --- What is never held ---------------------------------------------------------------------------------


def test_there_is_no_field_for_a_document_a_number_or_an_amount() -> None:
    """The kinds of field that there are, and their names: another one must be thought about here."""
    kinds = {
        f.name: type(f)
        for model in (Concession, ConcessionRenewal)
        for f in model._meta.get_fields()
        if not f.auto_created
    }
    forbidden = (
        models.FileField,
        models.BinaryField,
        models.JSONField,
        models.DecimalField,
        models.FloatField,
        models.TextField,
    )
    assert [name for name, kind in kinds.items() if issubclass(kind, forbidden)] == []
    numbers = {n for n, kind in kinds.items() if issubclass(kind, models.IntegerField)}
    assert numbers == {"version"}
    free = {
        f.name
        for f in Concession._meta.get_fields()
        if isinstance(f, models.CharField) and not f.choices
    }
    assert free == {"words", "reasons", "appeal_words", "proposed_reasons"}


@pytest.mark.parametrize(
    "text",
    [
        "My number is QQ 12 34 56 C",
        "qq123456c",
        "QQ-12-34-56-C.",
        "I get £393.45 a month",
        "393 pounds",
        "about 90 quid",
        "I live on 12,500 a year",
        "400.10",
        "account 12345678",
        "sort code 12-34-56",
        "ring 01632 960 123",
        "200 per week",
        # As a keyboard or a paste makes it
        "QQ 12 – 34 – 56 C",
        "Q Q 123456 C",
        "QQ_12_34_56_C",
        "QQ12,34,56C",
        "QQ(12)(34)(56)C",
        "sort code 12–34–56",
        "account 1234\u200b5678",
        "claim 12 - 34 - 56",
    ],
)
def test_numbers_and_amounts_are_refused_wherever_somebody_writes(text: str) -> None:
    with pytest.raises(ValidationError):
        refuse_numbers(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I look after my wife, who is 84, since 12/05/2019.",
        "Universal Credit since May 2024; two children",
        "come at 10.30 am, to 12 Example Road, DL3 7XX",
        "It is 3 years now.",
        "My husband died on 12/05/2019",
        "Our children are 4, 7, 9, 12 and 15; I am 44.",
        "No 12, 34 Example Road. On PIP since 2019, ESA since 2021",
    ],
)
def test_what_people_do_say_is_let_through(text: str) -> None:
    refuse_numbers(text)


def test_every_way_in_refuses_them(cast: Cast, here: Callable[..., Membership]) -> None:
    bad = "QQ 12 34 56 C"
    mine = here()
    with pytest.raises(ValidationError):
        asked(membership=mine, words=bad)
    question = asked(membership=mine)
    with pytest.raises(ValidationError):
        refuse(concession=question, reasons=bad, by=cast.hub_lead)
    refuse(concession=question, reasons="No.", by=cast.hub_lead)
    with pytest.raises(ValidationError):
        appeal(concession=question, via="phone", words=bad, by=TESTS)
    appeal(concession=question, via="phone", by=TESTS)
    with pytest.raises(ValidationError):
        propose(concession=question, proposal="refuse", reasons=bad, by=cast.membership_officer)


# --- What they are told ---------------------------------------------------------------------------------


def test_a_refusal_says_why_how_to_appeal_and_what_stays_free(
    cast: Cast, desk: Any, here: Callable[..., Membership]
) -> None:
    person = PersonFactory(organisation=desk, **AT_HOME, formats=["print_24"])
    refused(by=cast.hub_lead, membership=here(person=person))
    letter = Message.objects.get()
    assert (letter.channel, letter.size) == ("letter", 24)
    for said in ("We know too little.", "look at it again", "cost nothing", "carers"):
        assert said in letter.body
    assert "paying" not in letter.subject
    assert Message.objects.count() == 1


def test_the_number_to_ring_is_named_where_there_is_one(
    cast: Cast, desk: Any, here: Callable[..., Membership], settings: Any
) -> None:
    for number in ("", "01632 960 100"):
        settings.HELPLINE_NUMBER = number
        refused(
            by=cast.hub_lead, membership=here(person=PersonFactory(organisation=desk, **AT_HOME))
        )
        body = Message.objects.latest("queued_at").body
        assert ("ring us" in body) is bool(number)
        assert number in body
        assert "ring ." not in body
        assert "ring ," not in body


def test_the_subject_is_the_same_for_every_answer(
    cast: Cast, desk: Any, here: Callable[..., Membership]
) -> None:
    question = refused(
        by=cast.hub_lead,
        membership=here(person=PersonFactory(organisation=desk, **AT_HOME)),
    )
    appeal(concession=question, via="phone", by=TESTS)
    propose(concession=question, proposal="grant", by=cast.membership_officer)
    second = UserFactory(role="hub_lead", role__organisation_id=cast.organisation_id)
    confirm(concession=question, agree=True, by=second)
    subjects = set(Message.objects.values_list("subject", flat=True))
    assert Message.objects.count() == 2
    assert len(subjects) == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"formats": ["easy_read"]},
        {"formats": ["phone_only"]},
        {"safe_contact_note": "Never write."},
        {"contact_by": "phone", "phone": "01632 960 123"},
        {"contact_by": "none"},
    ],
)
def test_where_a_letter_will_not_do_somebody_tells_them(
    cast: Cast, desk: Any, here: Callable[..., Membership], facts: dict[str, Any]
) -> None:
    mine = here(person=PersonFactory(organisation=desk, **facts))
    question = refused(by=cast.hub_lead, membership=mine)
    question.refresh_from_db()
    assert question.to_be_told
    assert not Message.objects.exists()
    assert list(Concession.objects.to_tell()) == [question]
    note_told(concession=question, by=cast.access_point_staff)
    note_told(concession=question, by=cast.access_point_staff)
    assert not Concession.objects.to_tell().exists()
    assert Event.objects.filter(type="safety_net:told").count() == 1


# --- Reviews, taking back, forgetting -------------------------------------------------------------------


def test_a_review_gives_time_and_no_term(cast: Cast, here: Callable[..., Membership]) -> None:
    question = granted(by=cast.hub_lead, membership=here())
    Concession.objects.update(review_on=timezone.localdate() + timedelta(days=3))
    assert list(Concession.objects.to_review(timezone.localdate())) == [question]
    with pytest.raises(NotYours):
        review(concession=question, evidence=Evidence.WORD, by=cast.access_point_staff)
    review(concession=question, evidence=Evidence.BENEFIT_ONLINE, by=cast.access_point_staff)
    assert not Concession.objects.to_review(timezone.localdate()).exists()
    assert Term.objects.count() == 1
    ends_on = Membership.objects.get().ends_on
    end(concession=question, by=cast.hub_lead)
    assert Membership.objects.get().ends_on == ends_on, "what was given stays"
    assert not holds(Membership.objects.get())


def test_they_may_take_it_back(cast: Cast, here: Callable[..., Membership]) -> None:
    question = asked(membership=here())
    for _press in range(2):
        withdraw(concession=question, by=cast.access_point_staff)
    assert Concession.objects.get().state == State.WITHDRAWN
    with pytest.raises(MovedOn):
        grant(concession=question, evidence=Evidence.WORD, by=cast.hub_lead)


def test_why_is_forgotten_after_a_time_and_that_it_was_stays(
    cast: Cast, here: Callable[..., Membership]
) -> None:
    question = refused(by=cast.hub_lead, membership=here(), words="I have two children.")
    run_retention(now=timezone.now() + timedelta(days=729))
    assert Concession.objects.get().words
    run_retention(now=timezone.now() + timedelta(days=731))
    question.refresh_from_db()
    assert {name: getattr(question, name) for name in Concession.WORDS} == dict.fromkeys(
        Concession.WORDS, ""
    )
    assert question.state == State.NOT_GRANTED


def test_a_decision_that_holds_is_not_forgotten(
    cast: Cast, here: Callable[..., Membership]
) -> None:
    question = granted(by=cast.hub_lead, membership=here())
    late = timezone.now() + relativedelta(months=24)
    run_retention(now=late)
    assert Concession.objects.get().ground
    run_retention(now=late + timedelta(days=732))
    question.refresh_from_db()
    assert question.wiped_at is not None


def test_a_member_is_not_forgotten_while_they_are_one(
    cast: Cast, here: Callable[..., Membership]
) -> None:
    long_ago = timezone.now() - relativedelta(years=4)
    for one, ended in (("member", 100), ("once", 800)):
        mine = here(
            person=PersonFactory(organisation=access_point(cast.organisation_id), known_as=one)
        )
        granted(by=cast.hub_lead, membership=mine)
        Term.objects.filter(membership=mine).update(
            starts_on=long_ago, ends_on=timezone.localdate() - timedelta(days=ended)
        )
    Person.objects.update(created_at=long_ago, changed_at=long_ago)
    Membership.objects.update(created_at=long_ago)
    Concession.objects.update(version_at=long_ago)
    run_retention()
    assert set(Person.objects.values_list("known_as", flat=True)) == {"member", ""}


def test_they_get_a_copy_of_it_and_are_forgotten(
    cast: Cast, here: Callable[..., Membership]
) -> None:
    mine = granted(by=cast.hub_lead, membership=here(), words="I have two children.").membership
    assert "I have two children." in str(
        export_person(mine.person_id, by=cast.data_protection_lead)
    )
    erase_person(mine.person_id, by=cast.coordinator, reason="asked")
    row = Concession.objects.get()
    assert (row.words, row.ground, row.membership.person) == ("", "", None)
    assert Term.objects.count() == 1


# --- Two at once, on real connections -------------------------------------------------------------------


def at_once(*doings: Callable[[], Any]) -> list[Any]:
    results: list[Any] = [None] * len(doings)
    barrier = threading.Barrier(len(doings))

    def run(index: int, doing: Callable[[], Any]) -> None:
        try:
            barrier.wait(10)
            results[index] = doing()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(index, doing)) for index, doing in enumerate(doings)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.django_db(transaction=True)
def test_two_leads_at_once_come_to_one_answer(cast: Cast, here: Callable[..., Membership]) -> None:
    question = asked(membership=here())
    lead, officer = cast.hub_lead, cast.membership_officer
    results = at_once(
        lambda: grant(concession=question, evidence=Evidence.BENEFIT_LETTER, by=lead),
        lambda: refuse(concession=question, reasons="No.", by=officer),
    )
    assert sum(isinstance(one, MovedOn) for one in results) == 1, results
    question.refresh_from_db()
    assert Term.objects.count() == (1 if question.state == State.GRANTED else 0)


@pytest.mark.django_db(transaction=True)
def test_many_grants_and_renewals_at_once_give_one_term_each(
    cast: Cast, here: Callable[..., Membership]
) -> None:
    question = asked(membership=here())
    lead = cast.hub_lead
    results = at_once(
        *[
            lambda: grant(concession=question, evidence=Evidence.BENEFIT_LETTER, by=lead)
            for _ in range(6)
        ]
    )
    assert [one for one in results if isinstance(one, Exception)] == []
    assert Term.objects.count() == 1
    mine = Membership.objects.get()
    soon = mine.ends_on - timedelta(days=5)
    results = at_once(
        *[lambda: renew(membership=mine, by=lead, key=uuid.uuid4(), on=soon) for _ in range(6)]
    )
    assert sum(isinstance(one, TooEarly) for one in results) == 5, results
    assert Term.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_ask_once(cast: Cast, here: Callable[..., Membership]) -> None:
    mine = here()
    results = at_once(*[lambda: asked(membership=mine, key=uuid.uuid4()) for _ in range(4)])
    assert len({one.pk for one in results}) == 1, results
    assert Concession.objects.count() == 1


def test_whoever_refused_it_cannot_end_the_appeal_by_taking_it_back(
    cast: Cast, here: Callable[..., Membership], client_as: Callable[..., Client]
) -> None:
    # Given somebody who wants the lead's answer looked at again
    question = appealed(by=cast.hub_lead, membership=here())
    # When that lead says that they take it back
    with pytest.raises(NotYours):
        withdraw(concession=question, by=cast.hub_lead)
    assert 'value="withdraw"' not in client_as(cast.hub_lead).get(question.get_absolute_url()).text
    # Nor may the one of the two who has proposed an answer
    propose(
        concession=question, proposal="refuse", reasons="As before.", by=cast.membership_officer
    )
    with pytest.raises(NotYours):
        withdraw(concession=question, by=cast.membership_officer)
    assert Concession.objects.get().state == State.APPEALED
    # Then somebody at the desk can, to whom they said it
    shown = client_as(cast.access_point_staff).get(question.get_absolute_url())
    assert 'value="withdraw"' in shown.text
    assert withdraw(concession=question, by=cast.access_point_staff).state == State.WITHDRAWN
