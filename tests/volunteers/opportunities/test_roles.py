"""Finding a role: by words, day and time, distance and kind; its page; the sheet; five questions."""

from __future__ import annotations

from datetime import time
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from directory.models import Location, PostcodePlace
from tests.factories.place import LocationFactory
from tests.factories.volunteering import InterestFactory, OpportunityFactory
from tests.printing.reading import page_texts
from volunteers.models import Opportunity, OpportunityTime
from volunteers.opportunities.five import Answers, suggest
from volunteers.opportunities.words import duration, wait_in_words

pytestmark = pytest.mark.django_db
HERE = (54.53, -1.57)


def role(
    name: str, *, times: tuple[tuple[int, int, int], ...] = (), at: Any = None, **facts: Any
) -> Opportunity:
    """``times``: weekday, from and until in hours; ``at``: latitude and longitude."""
    if at is not None:
        facts["location"] = LocationFactory()
        Location.objects.filter(pk=facts["location"].pk).update(latitude=at[0], longitude=at[1])
    row = OpportunityFactory(name=name, **facts)
    OpportunityTime.objects.bulk_create(
        OpportunityTime(opportunity=row, weekday=day, starts=time(starts), ends=time(ends))
        for day, starts, ends in times
    )
    return row


def postcode() -> None:
    PostcodePlace.objects.create(
        code="DL3 7XX", level=PostcodePlace.Level.UNIT, latitude=HERE[0], longitude=HERE[1]
    )


def found(query: str, client: Client | None = None) -> list[str]:
    response = (client or Client()).get(f"{reverse('volunteers:roles')}?{query}")
    assert response.status_code == 200
    return [card.role.name for card in response.context["page"].cards]


def test_only_open_roles_of_organisations_that_are_shown_are_found() -> None:
    role("Tea and a chat")
    role("Later", state="draft")
    role("Taken", state="filled")
    role("Hidden", organisation__published=False)
    assert found("") == ["Tea and a chat"]


def test_words_are_found_in_name_interests_and_what_one_would_do_and_mistakes_are_understood() -> (
    None
):
    gardening = InterestFactory(name="Gardening")
    plot = role("Help on the plot", what="Digging, and a flask of coffee")
    plot.interests.add(gardening)
    role("Drive the minibus")
    assert found("q=gardening") == ["Help on the plot"]
    assert found("q=dig") == ["Help on the plot"]
    assert found("q=minbus") == ["Drive the minibus"]
    # Nothing holds both words: some of them are enough, and the page says so.
    response = Client().get(f"{reverse('volunteers:roles')}?q=minibus+gardening")
    assert {card.role.name for card in response.context["page"].cards} == {
        "Help on the plot",
        "Drive the minibus",
    }
    assert "fit a part of it" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("day=2", ["Any time", "Tuesday"]),
        ("day=2&free_from=09:00&free_to=12:00", ["Any time", "Tuesday"]),
        # Two of its three hours are not enough: somebody has to be there.
        ("day=2&free_from=11:00", ["Any time"]),
        ("day=6&day=2", ["Any time", "Saturday night", "Tuesday"]),
        ("day=6&free_to=22:00", ["Any time"]),
        # Backwards: the days still count.
        ("day=2&free_from=18:00&free_to=09:00", ["Any time", "Tuesday"]),
        ("day=9&free_from=noon", ["Any time", "Not said", "Saturday night", "Tuesday"]),
    ],
)
def test_when_i_am_free(query: str, names: list[str]) -> None:
    role("Tuesday", times=((2, 9, 12),))
    role("Saturday night", times=((6, 20, 0),))
    role("Any time", flexible=True)
    role("Not said")
    assert found(query) == names


def test_the_nearest_come_first_and_what_is_done_from_home_is_near_everybody() -> None:
    postcode()
    role("Far", at=(54.6, -1.57))
    role("Near", at=(54.531, -1.57))
    role("By phone", where="home")
    hidden = role("Refuge", location=LocationFactory(is_confidential=True, address=False))
    assert found("near=DL3+7XX")[:2] == ["Near", "Far"]
    assert found("near=DL3+7XX&within=1") == ["Near", "By phone"]
    page = Client().get(reverse("volunteers:role", args=[hidden.slug, hidden.short_id]))
    assert "kept confidential" in page.content.decode()


def test_kinds_are_counted_and_a_wrong_postcode_is_said_without_losing_the_words() -> None:
    role("Try it", kind="taster")
    role("Weekly")
    assert found("kind=taster") == ["Try it"]
    response = Client().get(f"{reverse('volunteers:roles')}?near=XX99&q=weekly")
    assert [card.role.name for card in response.context["page"].cards] == ["Weekly"]
    assert response.context["form"].errors["near"]


def test_twice_as_many_roles_take_as_many_queries(django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            Client().get(reverse("volunteers:roles"))
            Client().get(f"{reverse('volunteers:five_answers')}?time=regular")
        return len(seen)

    def grow(count: int) -> None:
        for number in range(count):
            role(f"Role {number}", times=((1, 9, 12),), at=HERE).interests.add(InterestFactory())

    grow(3)
    queries()
    few = queries()
    grow(3)
    assert queries() == few


def test_a_role_says_everything_that_somebody_asks(client: Client) -> None:
    row = role(
        "Drive to hospital", wait_days=20, minimum_age=21, checks_needed=["dbs", "right-to-drive"],
        dbs_level="enhanced", support="Meg rings you each week", expenses="45p a mile",
        minutes_a_week=90, times=((2, 9, 12),),
    )  # fmt: skip
    text = client.get(reverse("volunteers:role", args=[row.slug, row.short_id])).content.decode()
    for said in (
        "1 and a half hours", "Tuesday, 9am to noon", "after about 3 weeks", "From 21 years",
        "DBS check (enhanced)", "driving licence", "Meg rings you", "45p a mile", "keep your benefits",
    ):  # fmt: skip
        assert said in text.replace("\u00a0", " "), said


def test_the_page_of_an_organisation_lists_its_open_roles(client: Client) -> None:
    tea = role("Tea maker", kind="taster")
    organisation = tea.organisation
    role("Not yet", state="draft", organisation=organisation)
    address = organisation.get_absolute_url()
    text = client.get(address).content.decode()
    assert "Help them as a volunteer" in text
    assert reverse("volunteers:role", args=[tea.slug, tea.short_id]) in text
    assert "Not yet" not in text
    Opportunity.objects.update(state="draft")
    assert "Help them as a volunteer" not in client.get(address).content.decode()


def test_a_filled_role_says_so_and_a_draft_is_not_found(client: Client) -> None:
    filled, draft = role("Filled", state="filled"), role("Draft", state="draft")
    text = client.get(reverse("volunteers:role", args=[filled.slug, filled.short_id])).content
    assert b"All places are taken" in text
    assert b"Apply for this role" not in text
    address = reverse("volunteers:role", args=[draft.slug, draft.short_id])
    assert client.get(address).status_code == 404
    assert (
        client.get(reverse("volunteers:apply", args=[filled.slug, filled.short_id])).status_code
        == 404
    )


@pytest.mark.parametrize("size", [14, 18, 24])
def test_the_sheet_holds_what_the_list_holds(client: Client, size: int) -> None:
    role("Try baking", kind="taster", wait_days=3)
    role("Weekly visits")
    response = client.get(f"{reverse('volunteers:roles_sheet')}?kind=taster&size={size}")
    with pikepdf.open(BytesIO(response.content)) as pdf:
        assert pdf.Root.Lang == "en-GB"
    text = " ".join(page_texts(response.content))
    assert "Try baking" in text
    assert "within 3 days" in text.replace("\n", " ")
    assert "Weekly visits" not in text


def test_words_for_how_long() -> None:
    assert [duration(n) for n in (45, 60, 90, 120, 135)] == [
        "45 minutes", "1 hour", "1 and a half hours", "2 hours", "2 hours 15 minutes",
    ]  # fmt: skip
    assert wait_in_words(None) == ""
    assert wait_in_words(0) == "You can usually start at once"
    assert wait_in_words(13) == "You can usually start within 13 days"
    assert wait_in_words(15) == "You can usually start after about 3 weeks"


# --- Five questions ---


def test_three_roles_with_reasons_and_the_taster_first() -> None:
    gardening = InterestFactory(name="Gardening", slug="gardening")
    for number in range(3):
        role(f"Garden {number}", times=((2, 14, 16),)).interests.add(gardening)
    role("Try the allotment", kind="taster", times=((6, 10, 12),)).interests.add(gardening)
    role("Accounts", times=((1, 9, 12),))
    chosen = suggest(Answers.read(QueryDict("likes=gardening&time=regular&free=weekday-afternoon")))
    assert [one.card.role.name for one in chosen] == ["Try the allotment", "Garden 0", "Garden 1"]
    assert "You ticked: gardening" in chosen[1].reasons
    assert "It is on a Tuesday, when you are free" in chosen[1].reasons
    assert "You can try it once and promise nothing" in chosen[0].reasons


def test_nothing_answered_still_gives_three_and_only_the_age_keeps_any_away() -> None:
    for number in range(4):
        role(f"Adults {number}")
    role("Youth club", minimum_age=14)
    assert len(suggest(Answers())) == 3
    young = suggest(Answers.read(QueryDict("age=under-16&time=nonsense&free=never")))
    assert [one.card.role.name for one in young] == ["Youth club"]


def test_the_answers_go_from_page_to_page_and_leave_no_trace(client: Client) -> None:
    InterestFactory(slug="gardening", name="Gardening")
    role("Weekly")
    second = client.get(reverse("volunteers:five_question", args=[2]) + "?likes=gardening")
    assert '<input type="hidden" name="likes" value="gardening">' in second.content.decode()
    back = client.get(reverse("volunteers:five_question", args=[1]) + "?likes=gardening")
    assert "checked" in back.content.decode()
    end = client.get(reverse("volunteers:five_answers") + "?likes=gardening&time=regular")
    assert "likes=gardening" in end.content.decode()
    assert not client.session.keys()
    assert client.get(reverse("volunteers:five_question", args=[6])).status_code == 404


def test_a_postcode_that_is_none_leads_back_to_the_question(client: Client) -> None:
    end = client.get(reverse("volunteers:five_answers") + "?near=nowhere")
    assert end["Location"].startswith(reverse("volunteers:five_question", args=[4]))
    page = client.get(end["Location"])
    assert page.status_code == 422
    assert "Enter a postcode" in page.content.decode()
