"""Two people in one enquiry, and one person in two tabs: nothing that anybody typed is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from referrals.forms.merging import BOTH, MINE, THEIRS, mark_of, merge, read_marks, write_marks
from referrals.models import Enquiry
from tests.conftest import Cast, sign_in
from tests.factories.person import access_point
from tests.factories.referral import EnquiryFactory
from tests.referrals.desk.browser import Screen

TEXT = st.text(max_size=30)


# --- The rule -------------------------------------------------------------------------------------------


@given(base=TEXT, mine=TEXT, theirs=TEXT)
def test_no_words_are_lost_and_none_overwritten_unseen(base: str, mine: str, theirs: str) -> None:
    result = merge(
        mine={"words": mine},
        current={"words": theirs},
        seen={"words": mark_of(base)},
        choices={},
    )
    changed_by_me, changed_by_them = mine != base, theirs != base
    if mine == theirs:
        assert not result.facts
        assert not result.clashes
    elif changed_by_me and changed_by_them:
        assert result.clashes == {"words": theirs}
    elif changed_by_me:
        assert result.facts == {"words": mine}
    else:
        assert result.taken_over == ["words"]


@pytest.mark.parametrize(
    ("choice", "kept"),
    [(MINE, {"words": "mine"}), (THEIRS, {}), (BOTH, {"words": "theirs\n\nmine"})],
)
def test_what_was_chosen_of_two_texts(choice: str, kept: dict[str, str]) -> None:
    result = merge(
        mine={"words": "mine"},
        current={"words": "theirs"},
        seen={"words": mark_of("theirs")},  # the page has shown both
        choices={"words": choice},
    )
    assert result.facts == kept


def test_a_choice_between_texts_that_moved_on_again_is_asked_again() -> None:
    result = merge(
        mine={"words": "mine"},
        current={"words": "theirs, later"},
        seen={"words": mark_of("theirs")},
        choices={"words": THEIRS},
    )
    assert result.clashes == {"words": "theirs, later"}


def test_a_page_that_says_nothing_of_what_it_saw_keeps_what_is_typed() -> None:
    result = merge(mine={"words": "mine"}, current={"words": ""}, seen={}, choices={})
    assert result.facts == {"words": "mine"}


@pytest.mark.parametrize(
    ("one", "same"),
    [
        (["a", "b"], ["b", "a"]),
        (frozenset({"a"}), ["a"]),
        (None, ""),
        (False, ""),
        (date(2027, 3, 1), "2027-03-01"),
    ],
)
def test_marks_of_the_same_value(one: Any, same: Any) -> None:
    assert mark_of(one) == mark_of(same)


def test_a_mark_says_nothing_of_the_words() -> None:
    text = write_marks({"words": mark_of("Mum fell")})
    assert "Mum" not in text
    assert read_marks(text) == {"words": mark_of("Mum fell")}


@given(st.text(max_size=200))
def test_any_marks_can_be_read(text: str) -> None:
    assert isinstance(read_marks(text), dict)


# --- The page --------------------------------------------------------------------------------------------


@pytest.fixture
def two(cast: Cast, desk: Any, client_as: Callable[..., Client]) -> tuple[Screen, Screen, Enquiry]:
    """The same enquiry on the screens of two members of staff."""
    found = EnquiryFactory(organisation=desk, words="Mum fell", answer="")
    address = found.get_absolute_url()
    return (
        Screen(client_as(cast.access_point_staff), address),
        Screen(client_as(cast.hub_lead), address),
        found,
    )


@pytest.mark.django_db
def test_two_who_write_in_different_fields_are_put_together(two: Any) -> None:
    first, second, found = two
    first.type(answer="Rang the falls clinic").press()
    answer = second.type(words="Mum fell twice").press()
    assert answer.status_code == 200
    found.refresh_from_db()
    assert (found.words, found.answer) == ("Mum fell twice", "Rang the falls clinic")
    # The second is told what changed, and sees it.
    assert "Changed by somebody else since you opened this page" in second.text
    assert "<strong>What did you tell them?</strong>" in second.text
    assert second.values["answer"] == ["Rang the falls clinic"]


@pytest.mark.django_db
def test_two_who_write_in_the_same_field_see_both_texts(two: Any) -> None:
    first, second, found = two
    first.type(words="Mum fell in the bath").press()
    answer = second.type(words="Mum fell, wants help with baths", wants="A rail").press()
    assert answer.status_code == 422
    found.refresh_from_db()
    # What is in nobody's way is kept; the first one's words stand.
    assert (found.words, found.wants) == ("Mum fell in the bath", "A rail")
    assert "Mum fell in the bath" in second.text
    assert second.values["words"] == ["Mum fell, wants help with baths"]
    assert second.values["keep-words"] == ["both"]
    second.press()
    found.refresh_from_db()
    assert found.words == "Mum fell in the bath\n\nMum fell, wants help with baths"


@pytest.mark.django_db
@pytest.mark.parametrize(("choice", "kept"), [("mine", "B"), ("theirs", "A")])
def test_one_of_two_texts_is_chosen(two: Any, choice: str, kept: str) -> None:
    first, second, found = two
    first.type(words="A").press()
    second.type(words="B").press()
    second.type(keep__words=choice).press()
    found.refresh_from_db()
    assert found.words == kept
    assert second.values["words"] == [kept]


@pytest.mark.django_db
def test_a_promise_and_its_day_are_one_thing(two: Any) -> None:
    first, second, found = two
    day = {"promised_on_day": "1", "promised_on_month": "3", "promised_on_year": "2028"}
    first.type(promise="Ring back", **day).press()
    other = {**day, "promised_on_day": "2"}
    second.type(promise="Write", **other).press()
    found.refresh_from_db()
    assert (found.promise, found.promised_on) == ("Ring back", date(2028, 3, 1))
    assert second.values["promise"] == ["Write"]
    assert second.values["promised_on_day"] == ["2"]
    second.type(keep__promise="mine", keep__promised_on="mine").press()
    found.refresh_from_db()
    assert (found.promise, found.promised_on) == ("Write", date(2028, 3, 2))


@pytest.mark.django_db
def test_a_clash_is_settled_before_the_end(two: Any) -> None:
    first, second, found = two
    first.type(words="A", answer="x").press()
    assert second.type(words="B").press("finish").status_code == 422
    found.refresh_from_db()
    assert found.state == Enquiry.State.OPEN


@pytest.mark.django_db
def test_a_script_is_told_of_a_clash_and_keeps_its_page(two: Any) -> None:
    first, second, found = two
    first.type(words="A").press()
    said = second.type(words="B", answer="Kept").press("autosave", script=True).json()
    assert said["clashes"] == ["What do they say?"]
    second.type(seen=said["seen"])
    found.refresh_from_db()
    assert (found.words, found.answer) == ("A", "Kept")
    # The page still shows B, and pressing Save shows both.
    assert second.press().status_code == 422
    assert "Keep both" in second.text


@pytest.mark.django_db
def test_a_script_that_saves_again_overwrites_nobody(two: Any) -> None:
    first, second, found = two
    first.type(answer="Theirs").press()
    said = second.type(words="Mine").press("autosave", script=True).json()
    assert said["taken_over"] is True
    # The page still shows the empty answer: the next save must not take it for a change.
    second.type(seen=said["seen"], words="Mine too").press("autosave", script=True)
    found.refresh_from_db()
    assert (found.words, found.answer) == ("Mine too", "Theirs")


@pytest.mark.django_db
def test_typed_after_somebody_finished_it(two: Any) -> None:
    first, second, found = two
    first.type(answer="Told them").press("finish")
    answer = second.type(words="Mum fell again").press()
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "This enquiry was finished meanwhile" in text
    assert "Mum fell again" in text
    found.refresh_from_db()
    assert found.words == "Mum fell"


@pytest.mark.django_db
def test_nothing_typed_after_somebody_finished_it_is_no_news(two: Any) -> None:
    first, second, _found = two
    first.type(answer="Told them").press("finish")
    assert second.press("finish").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_real_connections_at_once() -> None:
    """Both save at the same moment: one waits for the other's row, and nothing is lost."""
    cast = Cast()
    desk = access_point(cast.organisation_id)
    found = EnquiryFactory(organisation=desk, words="", answer="")
    screens = [
        Screen(sign_in(Client(), user), found.get_absolute_url())
        for user in (cast.access_point_staff, cast.hub_lead)
    ]
    screens[0].type(words="First words", wants="First hope")
    screens[1].type(words="Second words", answer="Second answer")
    together = threading.Barrier(2)
    answers: list[int] = []

    def send(screen: Screen) -> None:
        try:
            together.wait(timeout=10)
            answers.append(screen.press().status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=[screen]) for screen in screens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(answers) == [200, 422]
    found.refresh_from_db()
    # Both fields that only one of them wrote; of the words one text, the other on its writer's page.
    assert (found.wants, found.answer) == ("First hope", "Second answer")
    loser = next(one for one in screens if one.response.status_code == 422)
    said = {found.words, loser.values["words"][0]}
    assert said == {"First words", "Second words"}
    loser.press()
    found.refresh_from_db()
    assert "First words" in found.words
    assert "Second words" in found.words


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_a_new_page_with_real_connections() -> None:
    cast = Cast()
    access_point(cast.organisation_id)
    user = cast.access_point_staff
    screen = Screen(sign_in(Client(), user), reverse("referrals:enquiry_new"))
    twin = Screen.__new__(Screen)
    twin.__dict__ = {**screen.__dict__, "client": sign_in(Client(), user)}
    twin.values = {name: list(values) for name, values in screen.values.items()}
    for one in (screen, twin):
        one.type(words="Help with baths", answer="Told them")
    together = threading.Barrier(2)
    answers: list[int] = []

    def send(one: Screen) -> None:
        try:
            together.wait(timeout=10)
            answers.append(one.press("finish").status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=[one]) for one in (screen, twin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert answers == [302, 302]
    assert Enquiry.objects.get().state == Enquiry.State.ANSWERED
