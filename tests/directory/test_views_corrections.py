"""A reader reports a mistake, an editor answers, the reader looks the answer up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from directory.actions.corrections import AlreadyAnsweredError, answer_correction
from directory.models import Correction
from directory.tasks import forget
from tests.factories.correction import CorrectionFactory
from tests.factories.service import ServiceFactory

pytestmark = pytest.mark.django_db


def test_from_report_to_answer(client: Client, cast, client_as) -> None:
    # Given a reader who rang a wrong number
    service = ServiceFactory(name="Lunch club")
    form = reverse("directory:report", args=[service.short_id])
    assert "Lunch club" in client.get(form).content.decode()
    # When they report it
    response = client.post(
        form, {"about": "phone", "text": "It is 01632 960 999 now."}, follow=True
    )
    # Then they get a code
    correction = Correction.objects.get()
    assert correction.said_code in response.content.decode()
    assert "Thank you" in response.content.decode()
    # And an editor finds it in the queue and answers
    desk = client_as(cast.directory_editor)
    queue = desk.get(reverse("directory:corrections")).content.decode()
    assert "Lunch club" in queue
    address = reverse("directory:correction", args=[correction.id])
    assert "It is 01632 960 999 now." in desk.get(address).content.decode()
    answered = desk.post(
        address, {"state": "put_right", "reply": "Thank you, changed."}, follow=True
    )
    assert "There are none." in answered.content.decode()
    # And the reader reads the answer by typing the code
    typed = correction.said_code.lower().replace("-", " ")
    html = client.get(reverse("directory:report_code"), {"code": typed}).content.decode()
    assert "Thank you, changed." in html
    assert "Put right" in html
    # And the trail says what happened without what was written
    events = Event.objects.filter(type__startswith="correction:").order_by("happened_at")
    assert [event.type for event in events] == ["correction:reported", "correction:answered"]
    # With its spaces: three figures alone may stand in an identifier.
    assert "960 999" not in "".join(str(event.details) for event in events)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({}, "Choose what is wrong"),
        ({"about": "nonsense"}, "Select a valid choice"),
        ({"about": "other"}, "Tell us what is wrong"),
        ({"about": "phone", "text": "x" * 2001}, "Use 2,000 letters or fewer"),
    ],
)
def test_what_is_missing_is_said(client: Client, data: dict, error: str) -> None:
    address = reverse("directory:report", args=[ServiceFactory().short_id])
    html = client.post(address, data).content.decode()
    assert error in html
    assert "<title>Error:" in html
    assert Correction.objects.count() == 0


def test_nobody_is_asked_who_they_are(client: Client) -> None:
    html = client.get(
        reverse("directory:report", args=[ServiceFactory().short_id])
    ).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    assert 'type="email"' not in main
    assert 'name="name"' not in main
    fields = {field.name for field in Correction._meta.get_fields()}
    assert not fields & {"name", "email", "phone", "ip", "address", "session"}


def test_reports_have_a_limit(client: Client) -> None:
    address = reverse("directory:report", args=[ServiceFactory().short_id])
    answers = [client.post(address, {"about": "phone"}).status_code for _ in range(8)]
    assert answers[0] == 302
    assert answers[-1] == 429


@pytest.mark.parametrize("typed", ["BCDF-2346", "x", "", "<script>"])
def test_a_wrong_code(client: Client, typed: str) -> None:
    html = client.get(reverse("directory:report_code"), {"code": typed}).content.decode()
    assert "There is a problem" in html


def test_a_service_that_is_not_published_cannot_be_reported(client: Client) -> None:
    service = ServiceFactory(published=False)
    assert client.get(reverse("directory:report", args=[service.short_id])).status_code == 404


def test_the_second_answer_is_refused(cast) -> None:
    correction = CorrectionFactory()
    answer_correction(
        correction=correction, state="put_right", reply="Changed.", by=cast.directory_editor
    )
    with pytest.raises(AlreadyAnsweredError):
        answer_correction(
            correction=correction, state="no_change", reply="No.", by=cast.directory_editor
        )
    correction.refresh_from_db()
    assert correction.reply == "Changed."


def test_two_editors_at_once_the_second_is_told(cast, client_as) -> None:
    correction = CorrectionFactory()
    address = reverse("directory:correction", args=[correction.id])
    desk = client_as(cast.directory_editor)
    data = {"state": "put_right", "reply": "Changed."}
    desk.post(address, data)
    html = desk.post(address, data, follow=True).content.decode()
    assert "Somebody else answered this report before you." in html


def test_nothing_is_kept_when_the_audit_row_fails(cast, monkeypatch) -> None:
    from directory.actions import corrections

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr(corrections, "record", fail)
    correction = CorrectionFactory()
    with pytest.raises(RuntimeError):
        answer_correction(
            correction=correction, state="put_right", reply="Changed.", by=cast.directory_editor
        )
    correction.refresh_from_db()
    assert correction.state == "new"


def test_an_answer_without_somebody_who_gave_it_cannot_be_stored() -> None:
    correction = CorrectionFactory()
    correction.state = "put_right"
    with pytest.raises(IntegrityError), transaction.atomic():
        correction.save()


def test_what_was_written_goes_a_year_after_the_answer(cast) -> None:
    waiting, recent, old = CorrectionFactory.create_batch(3)
    for correction, days in ((recent, 300), (old, 367)):
        answer_correction(
            correction=correction, state="put_right", reply="Changed.", by=cast.directory_editor
        )
        Correction.objects.filter(id=correction.id).update(
            answered_at=timezone.now() - timedelta(days=days)
        )
    Correction.objects.filter(id=waiting.id).update(made_at=timezone.now() - timedelta(days=900))
    forget()
    assert set(Correction.objects.all()) == {waiting, recent}


def test_the_queue_takes_the_same_queries_however_long(cast, client_as) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    desk = client_as(cast.directory_editor)
    desk.get(reverse("directory:corrections"))
    counts = []
    for count in (2, 20):
        CorrectionFactory.create_batch(count)
        with CaptureQueriesContext(connection) as captured:
            desk.get(reverse("directory:corrections"))
        counts.append(len(captured))
    assert counts[0] == counts[1]
