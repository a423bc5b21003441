"""The directory's back office: facts, words, checks and pictures."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from dcsn.audit.models import Event
from directory.actions.pictures import MOST_PICTURES, add_picture
from directory.actions.services import ChangedMeanwhileError, change_service, confirm_service
from directory.actions.topics import change_topic_words
from directory.models import Organisation, Picture, SearchEntry, Service, Taxonomy, TaxonomyTerm
from tests.directory.test_pictures import picture_file
from tests.factories.organisation import PhoneFactory
from tests.factories.picture import PictureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation(cast):
    return Organisation.objects.create(id=cast.organisation_id, name="Riverside Trust")


@pytest.fixture
def service(organisation):
    return Service.objects.create(
        organisation=organisation, name="Toenail clinic", delivery=["at_place"]
    )


@pytest.fixture
def topic(service):
    taxonomy = Taxonomy.objects.create(name="Topics")
    top = TaxonomyTerm.objects.create(taxonomy=taxonomy, name="Health", slug="health")
    term = TaxonomyTerm.objects.create(
        taxonomy=taxonomy, name="Foot care", slug="foot-care", parent=top
    )
    service.terms.add(term)
    return term


def typed(service, **changes):
    """What the form posts for a service, with some of it changed."""
    return {
        "name": service.name,
        "status": service.status,
        "cost": service.cost,
        "capacity": service.capacity,
        "bank_holidays": service.bank_holidays,
        "delivery": service.delivery,
        "published": "on",
        "seen": service.last_modified.isoformat(),
        **changes,
    }


class TestChangingAService:
    def test_an_editor_changes_the_facts(self, cast, client_as, service):
        address = reverse("directory_desk:service", args=[service.pk])

        response = client_as(cast.directory_editor).post(
            address, typed(service, summary="Trims toenails for those who cannot reach.")
        )

        assert response.status_code == 302
        service.refresh_from_db()
        assert service.summary == "Trims toenails for those who cannot reach."
        event = Event.objects.get(type="service:changed")
        assert (event.subject, event.fields) == (service.pk, ["summary"])

    def test_an_edit_is_not_a_check(self, cast, service):
        change_service(
            service=service,
            values={"summary": "New words"},
            topics=None,
            seen=service.last_modified,
            by=cast.directory_editor,
        )

        service.refresh_from_db()
        assert service.checked_on is None

    def test_search_knows_at_once(self, cast, service):
        change_service(
            service=service,
            values={"summary": "Podiatry"},
            topics=None,
            seen=service.last_modified,
            by=cast.directory_editor,
        )

        assert "podiatri" in str(SearchEntry.objects.get(service=service).vector)

    def test_nothing_different_writes_nothing(self, cast, service):
        before = service.last_modified

        change_service(
            service=service,
            values={"name": service.name},
            topics=None,
            seen=before,
            by=cast.directory_editor,
        )

        service.refresh_from_db()
        assert service.last_modified == before
        assert not Event.objects.filter(type="service:changed").exists()

    def test_a_number_only_spaced_otherwise_is_not_a_change(self, cast, client_as, service):
        PhoneFactory(service=service, number="01632 960 234")
        client = client_as(cast.directory_editor)
        address = reverse("directory_desk:service", args=[service.pk])

        client.post(address, typed(service, phone="01632960234"))

        assert service.phones.get().number == "01632 960 234"
        assert not Event.objects.filter(type="service:changed").exists()

        client.post(address, typed(service, phone="01632 960 235"))
        assert service.phones.get().number == "01632 960235"
        assert Event.objects.get(type="service:changed").fields == ["phones"]

    def test_the_second_of_two_editors_is_told_and_loses_nothing(self, cast, client_as, service):
        seen_by_both = typed(service)
        change_service(
            service=service,
            values={"summary": "The first editor's words"},
            topics=None,
            seen=service.last_modified,
            by=cast.directory_editor,
        )

        client = client_as(cast.directory_editor)
        address = reverse("directory_desk:service", args=[service.pk])
        response = client.post(address, {**seen_by_both, "summary": "The second editor's words"})

        assert response.status_code == 409
        page = response.content.decode()
        assert "The second editor&#x27;s words" in page
        assert "Somebody else has just saved: The first editor&#x27;s words" in page
        service.refresh_from_db()
        assert service.summary == "The first editor's words"

        # Saving again, with what the page now says was seen, keeps the second editor's words.
        again = {**seen_by_both, "summary": "The second editor's words"}
        again["seen"] = response.context["form"]["seen"].value()
        assert client.post(address, again).status_code == 302
        service.refresh_from_db()
        assert service.summary == "The second editor's words"

    def test_a_refused_form_keeps_what_was_typed(self, cast, client_as, service):
        response = client_as(cast.directory_editor).post(
            reverse("directory_desk:service", args=[service.pk]),
            typed(service, name="", summary="Kept words"),
        )

        assert response.status_code == 422
        assert "Kept words" in response.content.decode()
        assert 'id="error-summary"' in response.content.decode()

    def test_a_database_rule_becomes_an_error_by_the_field(self, cast, client_as, service):
        response = client_as(cast.directory_editor).post(
            reverse("directory_desk:service", args=[service.pk]),
            typed(service, minimum_age=60, maximum_age=20),
        )

        assert response.status_code == 422
        assert "The youngest age must not be above the oldest." in response.content.decode()

    def test_a_failing_audit_leaves_nothing_changed(self, cast, service, monkeypatch):
        def fail(*args, **kwargs):
            raise DatabaseError("the audit table is full")

        monkeypatch.setattr(Event, "save", fail)
        with pytest.raises(DatabaseError):
            change_service(
                service=service,
                values={"summary": "Never written"},
                topics=None,
                seen=service.last_modified,
                by=cast.directory_editor,
            )

        service.refresh_from_db()
        assert service.summary == ""

    def test_stale_objects_are_refused_by_the_action_too(self, cast, service):
        with pytest.raises(ChangedMeanwhileError):
            change_service(
                service=service,
                values={"summary": "x"},
                topics=None,
                seen=service.last_modified - timedelta(seconds=1),
                by=cast.directory_editor,
            )


class TestWhoMay:
    def test_a_provider_sees_and_changes_only_its_own(self, cast, client_as, service):
        other = Organisation.objects.create(id=cast.other_organisation_id, name="Hillside")
        theirs = Service.objects.create(organisation=other, name="Their lunch club")

        client = client_as(cast.provider_editor)
        listing = client.get(reverse("directory_desk:home")).content.decode()

        assert service.name in listing
        assert theirs.name not in listing
        own = client.get(reverse("directory_desk:service", args=[service.pk]))
        assert own.status_code == 200
        for name in ("service", "confirm"):
            address = reverse(f"directory_desk:{name}", args=[theirs.pk])
            assert client.post(address, {"sure": "on"}).status_code == 404
        theirs.refresh_from_db()
        assert theirs.checked_on is None

    def test_a_provider_takes_away_no_other_s_picture(self, cast, client_as):
        picture = PictureFactory(organisation__id=cast.other_organisation_id)

        response = client_as(cast.provider_editor).post(
            reverse("directory_desk:picture-remove", args=[picture.pk])
        )

        assert response.status_code == 404
        assert Picture.objects.filter(pk=picture.pk).exists()


class TestConfirming:
    def test_says_when_and_which_body(self, cast, client_as, service):
        client_as(cast.provider_editor).post(
            reverse("directory_desk:confirm", args=[service.pk]), {"sure": "on"}
        )

        service.refresh_from_db()
        assert service.checked_on == timezone.localdate()
        assert service.checked_by == "Riverside Trust"

    def test_needs_the_tick(self, cast, client_as, service):
        response = client_as(cast.provider_editor).post(
            reverse("directory_desk:confirm", args=[service.pk]), {}
        )

        assert response.status_code == 422
        service.refresh_from_db()
        assert service.checked_on is None

    def test_never_in_the_future(self, cast, service):
        with pytest.raises(ValueError, match="future"):
            confirm_service(
                service=service,
                on=timezone.localdate() + timedelta(days=1),
                checked_by="Riverside Trust",
                by=cast.directory_editor,
            )


class TestTopicWords:
    def test_a_word_added_is_found_by_the_next_search(self, cast, client_as, topic, service):
        client_as(cast.directory_editor).post(
            reverse("directory_desk:topic", args=[topic.pk]),
            {"synonyms": "chiropody\n  chiropody \n\npodiatrist", "phrases": "I can't reach"},
        )

        topic.refresh_from_db()
        assert topic.synonyms == ["chiropody", "podiatrist"]
        assert topic.phrases == ["I can't reach"]
        assert "podiatrist" in str(SearchEntry.objects.get(service=service).vector)

    def test_a_word_of_the_topic_above_reaches_the_services_below(self, cast, topic, service):
        change_topic_words(
            term=topic.parent, synonyms=["wellness"], phrases=[], by=cast.directory_editor
        )

        assert SearchEntry.objects.filter(service=service).exists()

    def test_too_long_a_line_is_refused_and_kept(self, cast, client_as, topic):
        line = "x" * 150

        response = client_as(cast.directory_editor).post(
            reverse("directory_desk:topic", args=[topic.pk]), {"synonyms": line}
        )

        assert response.status_code == 422
        assert line in response.content.decode()


class TestPictures:
    def upload(self):
        return SimpleUploadedFile("../../etc/passwd.png", picture_file().getvalue(), "image/png")

    def test_an_editor_s_picture_is_public_at_once(self, cast, client_as, client, organisation):
        client_as(cast.directory_editor).post(
            reverse("directory_desk:pictures", args=[organisation.pk]),
            {"picture": self.upload(), "alternative_text": "The front door"},
        )

        picture = Picture.objects.get()
        assert Path(picture.image.path).name == f"{picture.pk}.jpg"
        response = client.get(reverse("directory:picture", args=[picture.pk]))
        assert response.status_code == 200
        assert response["Content-Type"] == "image/jpeg"
        assert b"".join(response.streaming_content).startswith(b"\xff\xd8")

    def test_an_organisation_s_own_waits_for_an_editor(self, cast, client_as, client, organisation):
        client_as(cast.provider_editor).post(
            reverse("directory_desk:pictures", args=[organisation.pk]),
            {"picture": self.upload(), "alternative_text": "The front door"},
        )

        picture = Picture.objects.get()
        address = reverse("directory:picture", args=[picture.pk])
        assert client.get(address).status_code == 404
        own = client_as(cast.provider_editor).get(address)
        assert b"".join(own.streaming_content).startswith(b"\xff\xd8")
        assert client_as(cast.stranger("provider_editor")).get(address).status_code == 404

        client_as(cast.directory_editor).post(
            reverse("directory_desk:picture-publish", args=[picture.pk])
        )
        assert b"".join(client.get(address).streaming_content).startswith(b"\xff\xd8")

    def test_what_is_no_picture_gets_a_sentence(self, cast, client_as, organisation):
        response = client_as(cast.directory_editor).post(
            reverse("directory_desk:pictures", args=[organisation.pk]),
            {
                "picture": SimpleUploadedFile("a.png", b"<svg/>"),
                "alternative_text": "The front door",
            },
        )

        assert response.status_code == 422
        assert "The file must be a JPEG, PNG or WebP picture." in response.content.decode()
        assert "The front door" in response.content.decode()
        assert not Picture.objects.exists()

    def test_one_too_many_is_refused(self, cast, client_as, organisation):
        for _ in range(MOST_PICTURES):
            add_picture(
                organisation=organisation,
                upload=picture_file(),
                alternative_text="Again",
                published=True,
                by=cast.directory_editor,
            )

        response = client_as(cast.directory_editor).post(
            reverse("directory_desk:pictures", args=[organisation.pk]),
            {"picture": self.upload(), "alternative_text": "One more"},
        )

        assert response.status_code == 422
        assert Picture.objects.count() == MOST_PICTURES

    def test_a_row_that_fails_leaves_no_file(self, cast, organisation, monkeypatch, tmp_path):
        monkeypatch.setattr(Event, "save", lambda *a, **k: (_ for _ in ()).throw(DatabaseError()))

        with pytest.raises(DatabaseError):
            add_picture(
                organisation=organisation,
                upload=picture_file(),
                alternative_text="The front door",
                published=True,
                by=cast.directory_editor,
            )

        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    def test_taking_it_away_takes_the_file_too(
        self, cast, client_as, organisation, django_capture_on_commit_callbacks, tmp_path
    ):
        picture = add_picture(
            organisation=organisation,
            upload=picture_file(),
            alternative_text="The front door",
            published=True,
            by=cast.directory_editor,
        )
        client = client_as(cast.directory_editor)

        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("directory_desk:picture-remove", args=[picture.pk]))

        assert not Picture.objects.exists()
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("field", ["description", "easy_read_summary", "fees_description"])
def test_a_text_has_an_end(cast, client_as, service, field):
    """Or every reader of the page would wait for megabytes of brackets to be read."""
    address = reverse("directory_desk:service", args=[service.pk])
    response = client_as(cast.directory_editor).post(
        address, typed(service, **{field: "[[a](" * 5000})
    )
    assert response.status_code == 422
    assert field in response.context["form"].errors


def test_an_organisation_s_text_has_an_end(cast, client_as, organisation):
    response = client_as(cast.provider_editor).post(
        reverse("directory_desk:organisation", args=[organisation.pk]),
        {"name": organisation.name, "description": "[[a](" * 5000},
    )
    assert response.status_code == 422
    assert "description" in response.context["form"].errors
