"""The checklist: editions that do not change, two editors at once, visits, proposals, figures, paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dcsn.audit import SystemJob
from dcsn.printing import PrintSize
from dcsn.privacy import erase_person, export_person
from dcsn.privacy.models import Erasure
from directory.search import reindex
from referrals.actions.enquiries import finish_enquiry
from referrals.checklists.figures import checklist_figures
from referrals.checklists.forms import VisitForm
from referrals.checklists.paper import checklist_on_paper
from referrals.checklists.proposals import proposals_for
from referrals.checklists.questions import (
    Wording,
    add_question,
    begin_draft,
    discard_draft,
    move_question,
    publish_draft,
    retire_question,
    reword_question,
)
from referrals.checklists.starter import load_starter, starter_questions
from referrals.checklists.visits import change_checklist, choose_services
from referrals.models import Checklist, ChecklistQuestion, ChecklistVersion, Choice, Enquiry
from referrals.refusals import ChangedMeanwhile, FinishedAlready, NotPossible, Refused
from tests.conftest import Cast
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.checklist import (
    a_visit,
    checklist,
    draft_version,
    hub_lead,
    published_version,
    topic,
)
from tests.factories.concern import staff_at
from tests.factories.person import PersonFactory, access_point
from tests.factories.referral import referral
from tests.factories.service import ServiceFactory
from tests.printing.reading import page_texts

pytestmark = pytest.mark.django_db
ASKED = Wording(words="Do you keep a pet?", search_words="pets")


def words_of(version: ChecklistVersion) -> list[str]:
    return list(version.questions.order_by("position").values_list("words", flat=True))


# --- The list of questions ---


def test_the_starter_list_is_short_and_asks_of_what_the_directory_has() -> None:
    slugs = {slug for entry in starter_questions() for slug in entry["topics"]}
    for slug in slugs:
        topic(slug)
    version = load_starter(by=SystemJob("tests"))
    assert version is not None
    assert 12 <= version.questions.count() <= 16
    assert not version.questions.filter(topics=None).exists()
    assert load_starter(by=SystemJob("tests")) is None, "what is there is left alone"
    for words in words_of(version):
        assert words.endswith("?")
        assert len(words) <= 90


def test_the_starter_list_names_only_starter_topics() -> None:
    from directory.actions.reference import starter_topics

    known = {term.slug for term in starter_topics().terms}
    assert {slug for entry in starter_questions() for slug in entry["topics"]} <= known


def test_a_draft_is_changed_and_becomes_the_next_edition() -> None:
    lead = hub_lead()
    old = published_version()
    draft = begin_draft(by=lead)
    assert (draft.number, words_of(draft)) == (2, words_of(old))
    first, second = draft.questions.order_by("position")
    add_question(revision=draft.revision, wording=ASKED, by=lead)
    reword_question(
        question_id=first.pk, revision=2, wording=Wording("Did you fall?", topics=()), by=lead
    )
    move_question(question_id=first.pk, revision=3, up=False, by=lead)
    retire_question(question_id=second.pk, revision=4, by=lead)
    new = publish_draft(revision=5, by=lead)
    assert words_of(new) == ["Did you fall?", "Do you keep a pet?"]
    assert list(new.questions.order_by("position").values_list("position", flat=True)) == [1, 2]
    assert ChecklistVersion.objects.current() == new
    assert words_of(old) == ["Is it about falls?", "Is it about warmth?"]
    assert new.questions.get(words="Did you fall?").code == "falls", "the same question as before"


def test_of_two_editors_the_second_is_told_and_nothing_is_lost() -> None:
    first, second = hub_lead(), hub_lead()
    draft = begin_draft(by=first)
    assert begin_draft(by=second) == draft, "one draft, not two"
    add_question(revision=draft.revision, wording=ASKED, by=first)
    for late in (
        lambda: add_question(revision=draft.revision, wording=Wording("Mine?"), by=second),
        lambda: publish_draft(revision=draft.revision, by=second),
        lambda: discard_draft(revision=draft.revision, by=second),
    ):
        with pytest.raises(ChangedMeanwhile):
            late()
    assert "Do you keep a pet?" in words_of(ChecklistVersion.objects.get(pk=draft.pk))


def test_after_it_was_published_the_other_editor_is_told() -> None:
    draft = draft_version(by=(lead := hub_lead()))
    publish_draft(revision=draft.revision, by=lead)
    with pytest.raises(NotPossible):
        add_question(revision=draft.revision, wording=ASKED, by=lead)


def test_an_edition_in_use_does_not_change_in_the_database_either() -> None:
    version = published_version()
    question = version.questions.first()
    assert question is not None
    for change in (
        lambda: ChecklistQuestion.objects.filter(pk=question.pk).update(words="Other?"),
        lambda: ChecklistQuestion.objects.filter(pk=question.pk).delete(),
        lambda: ChecklistQuestion.objects.create(
            version=version, position=9, code="new", words="New?"
        ),
        lambda: ChecklistVersion.objects.filter(pk=version.pk).update(state="draft"),
        lambda: ChecklistVersion.objects.filter(pk=version.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_only_a_hub_lead_changes_the_questions(cast: Cast) -> None:
    published_version()
    for user in (cast.access_point_staff, cast.coordinator, cast.administrator):
        with pytest.raises(PermissionDenied):
            begin_draft(by=user)
    assert begin_draft(by=cast.hub_lead).is_draft


def test_a_list_has_an_end_and_is_never_empty() -> None:
    draft = draft_version(by=(lead := hub_lead()))
    for _number in range(22):
        add_question(
            revision=ChecklistVersion.objects.get(pk=draft.pk).revision, wording=ASKED, by=lead
        )
    draft.refresh_from_db()
    with pytest.raises(Refused, match="full"):
        add_question(revision=draft.revision, wording=ASKED, by=lead)
    for question in list(draft.questions.all()):
        draft.refresh_from_db()
        retire_question(question_id=question.pk, revision=draft.revision, by=lead)
    draft.refresh_from_db()
    with pytest.raises(Refused, match="without a question"):
        publish_draft(revision=draft.revision, by=lead)


# --- Visits ---


def test_a_visit_is_an_enquiry_with_its_topics_and_answers() -> None:
    row = checklist(answers={"falls": "yes", "warmth": "no"}, words="She fell in the bath")
    enquiry = row.enquiry
    assert (enquiry.origin, enquiry.channel) == (
        Enquiry.Origin.CHECKLIST,
        Enquiry.Channel.VISIT,
    )
    assert enquiry.words == "She fell in the bath"
    assert [term.slug for term in enquiry.topics.all()] == ["falls"]
    assert sorted(row.answers.values_list("question__code", "answer")) == [
        ("falls", "yes"),
        ("warmth", "no"),
    ]


@pytest.mark.parametrize(
    "visit",
    [{"visitor_name": ""}, {"visitor_organisation": ""}, {"place": "moon"}],
    ids=["nobody", "from nowhere", "no such place"],
)
def test_a_visit_that_cannot_be_is_refused_and_leaves_nothing(visit: dict[str, Any]) -> None:
    with pytest.raises((ValidationError, DatabaseError)), transaction.atomic():
        checklist(**visit)
    assert not Enquiry.objects.exists()


def test_somebody_of_another_access_point_cannot_enter_it_here() -> None:
    with pytest.raises(Http404):
        checklist(by=staff_at(access_point()))


def test_two_who_put_right_one_checklist_the_second_is_told() -> None:
    row = checklist()
    staff = staff_at(row.enquiry.organisation)
    question = row.version.questions.get(code="warmth")
    changed = change_checklist(
        checklist=row, visit=a_visit(), answers={question.pk: "yes"}, words="", by=staff, revision=1
    )
    assert changed.revision == 2
    with pytest.raises(ChangedMeanwhile):
        change_checklist(checklist=row, visit=a_visit(), answers={}, words="", by=staff, revision=1)
    assert row.answers.get(question=question).answer == "yes"
    finish_enquiry(enquiry=row.enquiry, state=Enquiry.State.ANSWERED, by=staff)
    with pytest.raises(FinishedAlready):
        change_checklist(checklist=row, visit=a_visit(), answers={}, words="", by=staff, revision=2)


# --- What follows from a yes ---


def services_about(slug: str, count: int) -> list[Any]:
    found = [ServiceFactory(terms=[topic(slug)]) for _number in range(count)]
    reindex([one.id for one in found])
    return found


def test_each_yes_proposes_the_best_three_and_a_service_once() -> None:
    published_version("falls", "warmth")
    services_about("falls", 5)
    both = ServiceFactory(terms=[topic("falls"), topic("warmth")])
    reindex([both.id])
    services_about("bowls", 2)
    row = checklist(answers={"falls": "yes", "warmth": "yes"})
    falls, warmth = proposals_for(row)
    assert len(falls.offers) == 3
    shown = [offer.service.id for offer in falls.offers + warmth.offers]
    assert len(shown) == len(set(shown))
    assert both.id in shown
    topics = {term.slug for offer in falls.offers for term in offer.service.terms.all()}
    assert topics <= {"falls", "warmth"}


def test_a_no_proposes_nothing() -> None:
    services_about("falls", 2)
    assert proposals_for(checklist(answers={"falls": "no"})) == []


def test_what_is_ticked_is_referred_and_only_told_where_there_is_no_agreement() -> None:
    published_version()
    shared, told, dropped = services_about("falls", 3)
    SharingAgreementFactory(organisation=shared.organisation)
    row = checklist()
    staff = staff_at(row.enquiry.organisation)
    offered = [shared, told, dropped]
    everything = [one.id for one in offered]
    assert choose_services(checklist=row, proposed=offered, chosen=everything, by=staff) == 1
    assert dict(row.enquiry.choices.values_list("service_id", "way")) == {
        shared.id: Choice.Way.REFER,
        told.id: Choice.Way.SIGNPOST,
        dropped.id: Choice.Way.SIGNPOST,
    }
    choose_services(checklist=row, proposed=offered, chosen=everything[:2], by=staff)
    assert set(row.enquiry.choices.values_list("service_id", flat=True)) == set(everything[:2])


def test_the_average_is_of_finished_checklists_and_sent_referrals() -> None:
    assert checklist_figures().average is None
    rows = [checklist() for _number in range(2)]
    for row in rows:
        finish_enquiry(enquiry=row.enquiry, state=Enquiry.State.REFERRED, by=SystemJob("tests"))
    checklist()  # not finished
    for _number in range(5):
        referral(state="requested", enquiry=rows[0].enquiry, person=rows[0].enquiry.person)
    referral(state="draft", enquiry=rows[1].enquiry, person=rows[1].enquiry.person)
    referral(state="requested")  # from the desk
    figures = checklist_figures()
    assert (figures.checklists, figures.referrals, figures.average) == (2, 5, 2.5)
    assert round(figures.published, 2) == 3.13


# --- Whose data ---


def test_copy_and_erasure_have_the_checklist(cast: Cast) -> None:
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    row = checklist(person=person)
    text = export_person(person.id, by=cast.data_protection_lead).as_json()
    assert row.reference in text
    assert "Is it about falls?" in text
    erase_person(person.id, by=cast.coordinator, reason=Erasure.Reason.choices[0][0])
    row.refresh_from_db()
    assert row.visitor_name == ""
    assert row.answers.filter(answer="yes").count() == 1, "still counted"


# --- On paper ---


def test_paper_has_the_boxes_of_the_screen_in_the_same_order() -> None:
    version = published_version("falls", "warmth", "memory", "scams")
    form = VisitForm(version=version)
    labels = [
        str(form[name].label) for name in form.fields if name not in ("key", "revision", "on_paper")
    ]
    for size in PrintSize:
        data = checklist_on_paper(version, desks=[access_point(name="The desk")], size=size)
        text = " ".join(" ".join(page_texts(data)).split())
        places = [text.index(label) for label in labels]
        assert places == sorted(places), "another order on paper"
        assert "The desk" in text
        assert "signature" in text
        assert text.count("Not asked") == 4


def test_the_screen_shows_them_in_that_order_too(cast: Cast, client_as: Callable[..., Any]) -> None:
    version = published_version("falls", "warmth", "memory")
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    page = client_as(cast.access_point_staff).get(
        reverse("referrals:checklist_new"), {"person": str(person.id)}
    )
    shown = list(dict.fromkeys(re.findall(r'name="([^"]+)"', page.content.decode())))
    names = [
        name.removesuffix("_0")
        for name in shown
        if name.startswith(("visit", "place", "question", "words"))
    ]
    names = [re.sub(r"^visited_on_.*", "visited_on", name) for name in names]
    wanted = [
        name
        for name in VisitForm(version=version).fields
        if name not in ("key", "revision", "on_paper")
    ]
    assert list(dict.fromkeys(names)) == wanted


# --- Pages ---


def test_a_visit_from_the_first_page_to_consent(cast: Cast, client_as: Callable[..., Any]) -> None:
    version = published_version()
    service = services_about("falls", 1)[0]
    SharingAgreementFactory(organisation=service.organisation)
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    client = client_as(cast.access_point_staff)
    today = timezone.localdate() - timedelta(days=2)
    first, second = version.questions.order_by("position")
    sent = {
        "person": str(person.id),
        "visitor_name": "Vera Visitor",
        "visitor_organisation": "Fire service",
        "visited_on_day": today.day, "visited_on_month": today.month,
        "visited_on_year": today.year,
        "place": "home",
        "on_paper": "on",
        f"question-{first.pk}": "yes",
        f"question-{second.pk}": "not-asked",
        "words": "",
        "key": "7b4b1e6e-7d8c-4a3b-9e68-08f3b0a1f6c0",
    }  # fmt: skip
    answer = client.post(reverse("referrals:checklist_new"), sent)
    row = Checklist.objects.get()
    assert answer.headers["Location"] == row.get_absolute_url()
    assert client.post(reverse("referrals:checklist_new"), sent).status_code == 302
    assert Checklist.objects.count() == 1, "a double click is one visit"
    page = client.get(row.get_absolute_url()).content.decode()
    assert service.name in page
    assert "Filled in on paper on" in page
    nothing = client.post(row.get_absolute_url(), {})
    assert "Tick at least one service" in nothing.content.decode()
    gone = client.post(row.get_absolute_url(), {"services": [str(service.id)]})
    assert str(row.enquiry_id) in gone.headers["Location"]
    choice = row.enquiry.choices.get()
    assert (choice.way, choice.note) == (
        Choice.Way.REFER,
        "They said yes to: Is it about falls?",
    )


def test_a_service_that_was_not_proposed_cannot_be_smuggled_in(
    cast: Cast, client_as: Callable[..., Any]
) -> None:
    row = checklist(organisation=access_point(cast.organisation_id))
    other = ServiceFactory()
    page = client_as(cast.access_point_staff).post(
        row.get_absolute_url(), {"services": [str(other.id)]}
    )
    assert "The list has changed" in page.content.decode()
    assert not row.enquiry.choices.exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("visited_on_year", "2090", "must be today or in the past"),
        ("visited_on_year", "1999", "within the last year"),
        ("visited_on_day", "31", "Enter a real date"),
        ("words", "x" * 1001, "1,000 characters or fewer"),
        ("place", "moon", "Select a valid choice"),
        ("visitor_name", "", "Enter who made the visit"),
    ],
)
def test_bad_input_is_said_plainly_and_loses_nothing(
    field: str, value: str, said: str, cast: Cast, client_as: Callable[..., Any]
) -> None:
    version = published_version()
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    sent = {
        "person": str(person.id), "visitor_name": "Vera 😀", "visitor_organisation": "=1+1",
        "visited_on_day": "1", "visited_on_month": "2", "visited_on_year": "2026", "place": "home",
        "words": "Kept", **{f"question-{q.pk}": "yes" for q in version.questions.all()},
        field: value,
    }  # fmt: skip
    page = client_as(cast.access_point_staff).post(reverse("referrals:checklist_new"), sent)
    text = page.content.decode()
    assert said in text
    assert "=1+1" in text
    assert text.count("checked") >= 2
    assert not Checklist.objects.exists()


def test_the_list_takes_as_many_queries_for_twenty_as_for_ten(
    cast: Cast, client_as: Callable[..., Any]
) -> None:
    desk = access_point(cast.organisation_id)
    client = client_as(cast.hub_lead)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(reverse("referrals:checklists")).status_code == 200
        return len(captured)

    for _number in range(10):
        checklist(organisation=desk)
    queries()
    before = queries()
    for _number in range(10):
        checklist(organisation=desk)
    assert queries() == before
    assert before <= 20


def test_the_queue_of_concerns_takes_as_many_queries_for_twenty_as_for_ten(
    cast: Cast, client_as: Callable[..., Any]
) -> None:
    from tests.factories.concern import concern

    desk = access_point(cast.organisation_id)
    client = client_as(cast.safeguarding_lead)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("referrals:concerns")).status_code == 200
        return len(captured)

    for _number in range(10):
        concern(organisation=desk)
    queries()
    before = queries()
    for _number in range(10):
        concern(organisation=desk)
    assert queries() == before


def test_two_hub_leads_on_the_page_keep_what_the_second_typed(
    cast: Cast, client_as: Callable[..., Any]
) -> None:
    draft = draft_version(by=cast.hub_lead)
    term = topic("pets")
    client = client_as(cast.hub_lead)
    data = {"words": "Do you keep a pet?", "topics": [str(term.pk)], "revision": draft.revision}
    assert client.post(reverse("referrals:question_new"), data).status_code == 302
    second = client.post(reverse("referrals:question_new"), {**data, "words": "Is it about hats?"})
    text = second.content.decode()
    assert "Somebody else has changed the list" in text
    assert "Is it about hats?" in text
    assert f'value="{draft.revision + 1}"' in text, "sent again, it is saved"


def test_a_hint_is_words_on_screen_and_no_markup(db: Any) -> None:
    version = draft_version()
    ChecklistQuestion.objects.filter(version=version).update(
        hint='<form action="//evil">Heat & eat'
    )
    form = VisitForm(version=version)
    page = "".join(str(field.as_field_group()) for field in form.visible_fields())
    assert "<form" not in page
    assert "Heat &amp; eat" in page
    assert "&amp;amp;" not in page
