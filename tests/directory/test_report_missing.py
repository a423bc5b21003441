"""A reader says what is missing; the desk answers; the reader reads the answer with a code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from directory.models import Correction
from tests.factories.service import ServiceFactory

pytestmark = pytest.mark.django_db


def test_from_a_search_that_found_nothing_to_the_answer(
    client: Client, cast: Any, client_as: Callable[..., Client]
) -> None:
    # Given a search that found nothing, whose words are in the box
    assert "zebra rides" in client.get("/report/missing/", {"q": "zebra rides"}).content.decode()
    # When the reader sends it
    sent = client.post("/report/missing/", {"text": "zebra rides"}, follow=True)
    correction = Correction.objects.get()
    assert correction.service is None
    assert correction.said_code in sent.content.decode()
    # Then the desk sees it in the queue and answers
    desk = client_as(cast.directory_editor)
    assert "Help that is missing" in desk.get("/desk/corrections/").content.decode()
    page = desk.get(f"/desk/corrections/{correction.id}/").content.decode()
    assert "zebra rides" in page
    desk.post(
        f"/desk/corrections/{correction.id}/",
        {"state": "no_change", "reply": "There are no zebras here."},
    )
    # And the reader reads the answer
    answer = client.get(f"/report/answer/{correction.said_code}/").content.decode()
    assert "There are no zebras here." in answer


def test_nothing_said_is_an_error(client: Client) -> None:
    page = client.post("/report/missing/", {"text": " "})
    assert "Tell us what you looked for" in page.content.decode()
    assert not Correction.objects.exists()


@pytest.mark.parametrize("about", ["missing", "phone"])
def test_a_report_is_of_a_service_or_of_something_missing(about: str) -> None:
    service = ServiceFactory() if about == "missing" else None
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.create(about=about, service=service, text="x")
