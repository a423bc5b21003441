"""Several services on paper: a topic, everything near, my list; at once or by a job."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dcsn.jobs import Job
from dcsn.printing.checks import check_tags
from directory.models import PostcodePlace, Service, ServiceAtLocation
from directory.my_list import KEY
from directory.search import reindex
from directory.selections import Near, Topic
from tests.factories.place import LocationFactory
from tests.factories.service import ServiceFactory
from tests.factories.shared_list import SharedListFactory
from tests.factories.topic import TopicFactory
from tests.printing.reading import page_texts, read, ua1_failures

pytestmark = pytest.mark.django_db


def words(response) -> str:
    assert response.status_code == 200, response
    assert response["Content-Type"] == "application/pdf"
    return " ".join(page_texts(response.content)).replace("\u00a0", " ")


def many(number: int, term, **facts) -> list[Service]:
    return [
        ServiceFactory(name=f"Club {n:03d}", phone=f"01632 960 {n:03d}", terms=[term], **facts)
        for n in range(number)
    ]


@pytest.fixture
def health(db):
    return TopicFactory(name="Health and wellbeing", slug="health")


@pytest.fixture
def feet(health):
    return TopicFactory(name="Foot care", slug="foot-care", parent=health, position=1)


class TestTopic:
    def test_few_services_follow_their_title(self, client, feet, time_machine):
        time_machine.move_to("2026-11-22 09:00")
        many(3, feet)
        response = client.get(reverse("directory:print_document"), {"topic": "foot-care"})
        text = words(response)
        assert text.startswith("Foot care 3 services. Printed on Sunday 22 November 2026. Club 000")
        assert response["Content-Disposition"] == (
            'inline; filename="foot-care-large-print-2026-11-22.pdf"'
        )
        assert response["Link"] == '<http://testserver/topics/foot-care/>; rel="canonical"'
        assert "Contents" not in text

    @pytest.mark.parametrize("size", [14, 24])
    def test_more_get_contents_with_right_numbers(self, client, feet, size, tmp_path):
        many(9, feet)
        response = client.get(
            reverse("directory:print_document"), {"topic": "foot-care", "size": size}
        )
        pages = list(page_texts(response.content))
        listed = re.findall(r"(Club \d{3}), page.(\d+)", " ".join(pages))
        assert len(listed) == 9
        for name, page in listed:
            assert f"{name} Organisation" in pages[int(page) - 1]
        assert check_tags(io.BytesIO(response.content)).ok
        assert ua1_failures(response.content, tmp_path) == []
        assert min(read(response.content).sizes) == size

    def test_services_stand_under_the_topics_below_each_once(self, health, feet):
        eyes = TopicFactory(name="Sight", slug="sight", parent=health, position=2)
        nails = TopicFactory(name="Nails", slug="nails", parent=feet)
        both = ServiceFactory(name="Both", terms=[eyes, nails])
        deep = ServiceFactory(name="Deep", terms=[nails])
        sight = ServiceFactory(name="Sight", terms=[eyes])
        general = ServiceFactory(name="General", terms=[health])
        ServiceFactory(name="Hidden", terms=[eyes], published=False)
        groups = [(group.name, list(group.service_ids)) for group in Topic(health).groups]
        assert groups == [
            ("Foot care", [both.id, deep.id]),
            ("Sight", [sight.id]),
            ("More: Health and wellbeing", [general.id]),
        ]

    def test_as_many_queries_for_more_services(
        self, client, feet, django_assert_num_queries, health
    ):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        counts = []
        for _round in range(2):
            many(8, feet, places=[LocationFactory()])
            client.get(reverse("directory:topics"))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                words(client.get(reverse("directory:print_document"), {"topic": "health"}))
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_the_page_before_offers_size_and_colour(self, client, feet):
        many(2, feet)
        page = client.get(reverse("directory:print"), {"topic": "foot-care"}).content.decode()
        assert "2 services." in page
        for choice in ["14", "18", "24", "white", "yellow"]:
            assert f'value="{choice}"' in page
        assert 'name="topic" value="foot-care"' in page
        assert f'action="{reverse("directory:print_document")}"' in page

    def test_the_topics_page_leads_there(self, client, feet):
        many(1, feet)
        page = client.get(feet.get_absolute_url()).content.decode()
        assert f'href="{reverse("directory:print")}?topic=foot-care"' in page

    def test_an_empty_topic_has_nothing_to_print(self, client, feet):
        page = client.get(reverse("directory:print"), {"topic": "foot-care"})
        assert "There is nothing to print here." in page.content.decode()
        response = client.get(reverse("directory:print_document"), {"topic": "foot-care"})
        assert response.status_code == 302


@pytest.mark.parametrize(
    "query", [{"topic": "nothing"}, {"service": "nothing123"}, {"list": "BCDF-2346"}]
)
@pytest.mark.parametrize("name", ["print", "print_document"])
def test_what_is_not_there_is_not_found(client, query, name):
    assert client.get(reverse(f"directory:{name}"), query).status_code == 404


def test_one_service_goes_to_its_own_sheet(client):
    service = ServiceFactory()
    query = {"service": service.short_id, "size": "24", "paper": "yellow", "topic": ""}
    response = client.get(reverse("directory:print_document"), query)
    sheet = reverse("directory:sheet", args=[service.slug, service.short_id])
    assert response["Location"] == f"{sheet}?size=24&paper=yellow"


class TestNear:
    @pytest.fixture(autouse=True)
    def places(self, db):
        PostcodePlace.objects.create(code="DL3 7", level="sector", latitude=54.53, longitude=-1.56)
        # A hundredth of a degree of latitude is 0.69 miles.
        for name, north in [("Next door", 0.001), ("Two miles off", 0.03), ("Far", 1.0)]:
            place = LocationFactory(latitude=54.53 + north, longitude=-1.56)
            ServiceFactory(name=name, places=[place], delivery=["at_place"])
        ServiceFactory(name="By phone", delivery=["phone"])
        place = LocationFactory(name="Secret", is_confidential=True, address=False)
        ServiceFactory(name="Refuge", places=[place], delivery=["at_place"])
        reindex()

    def test_bands_and_what_has_no_place(self):
        names = dict(Service.objects.values_list("id", "name"))
        selection = Near.find("dl37xx", "3")
        assert [
            (group.name, [names[key] for key in group.service_ids]) for group in selection.groups
        ] == [
            ("Within 1 mile", ["Next door"]),
            ("1 to 3 miles", ["Two miles off"]),
            ("By phone, online or at your home", ["By phone"]),
            ("At a place, but we cannot say how far", ["Refuge"]),
        ]

    def test_printed_with_what_was_measured_from(self, client):
        response = client.get(
            reverse("directory:print_document"), {"near": "DL3 7XX", "miles": "3"}
        )
        text = words(response)
        assert text.startswith("Help within 3 miles of DL3 7 We do not have DL3 7XX, so")
        assert "Far" not in text
        assert "Secret" not in text
        assert "help-within-3-miles-of-dl3-7-large-print" in response["Content-Disposition"]

    def test_asks_for_a_postcode_and_says_when_it_is_unknown(self, client):
        page = client.get(reverse("directory:print")).content.decode()
        assert 'name="near"' in page
        assert "govuk-error-summary" not in page
        page = client.get(reverse("directory:print"), {"near": "YO1 1AA"}).content.decode()
        assert "We do not know the postcode YO1 1AA." in page
        page = client.get(reverse("directory:print"), {"near": ""}).content.decode()
        assert "Enter a postcode, or the first part of one" in page

    @pytest.mark.parametrize("miles", ["", "0", "-1", "1e9", "٣", "999999999999", "\x00"])
    def test_odd_distances(self, client, miles):
        query = {"near": "DL3 7XX", "miles": miles}
        assert client.get(reverse("directory:print"), query).status_code in (200, 400)


class TestMyList:
    @pytest.fixture
    def mine(self, client, db) -> list[Service]:
        services = [ServiceFactory(name=name, phone="01632 960 111") for name in ("Zoo", "Ant")]
        session = client.session
        session[KEY] = [str(service.id) for service in services]
        session.save()
        return services

    def test_at_once_in_the_readers_own_order(self, client, mine):
        response = client.get(reverse("directory:my_list_sheet"), {"size": "14"})
        text = words(response)
        assert text.index("Zoo") < text.index("Ant")
        assert min(read(response.content).sizes) == 14
        assert 'filename="my-list-clear-print-' in response["Content-Disposition"]

    def test_notes_are_printed_and_kept_nowhere(self, client, mine, settings, tmp_path):
        settings.PRINT_CACHE_DIR = tmp_path / "cache"
        note = "Ask for Mrs Example; ring after 10.30 am"
        data = {"size": "18", "paper": "white", f"note-{mine[1].short_id}": note}
        response = client.post(reverse("directory:my_list_print"), data)
        assert f"Your note: {note}" in words(response)
        assert "no-store" in response["Cache-Control"]
        assert not (tmp_path / "cache").exists()
        assert note not in str(dict(client.session))
        assert not Job.objects.exists()

    def test_notes_in_a_long_list_are_kept_nowhere_either(self, client, settings, tmp_path):
        settings.PRINT_CACHE_DIR = tmp_path / "cache"
        services = many(8, TopicFactory())
        session = client.session
        session[KEY] = [str(service.id) for service in services]
        session.save()
        data = {"size": "24", "paper": "yellow", f"note-{services[3].short_id}": "Buzzer 4"}
        text = words(client.post(reverse("directory:my_list_print"), data))
        assert "Your note: Buzzer 4" in text
        assert "Contents" in text
        assert not (tmp_path / "cache").exists()

    def test_the_form_names_each_service(self, client, mine):
        page = client.get(reverse("directory:my_list_print")).content.decode()
        assert "Zoo" in page
        assert "Ant" in page
        response = client.post(
            reverse("directory:my_list_print"),
            {"size": "18", "paper": "white", f"note-{mine[0].short_id}": "x" * 301},
        )
        assert "govuk-error-summary" in response.content.decode()

    def test_an_empty_list_goes_back(self, client):
        for name in ["my_list_sheet", "my_list_print"]:
            response = client.get(reverse(f"directory:{name}"))
            assert response["Location"] == reverse("directory:my_list")

    def test_the_list_leads_to_its_sheets(self, client, mine):
        page = client.get(reverse("directory:my_list")).content.decode()
        assert reverse("directory:my_list_sheet") in page
        assert reverse("directory:my_list_print") in page

    def test_a_list_that_was_passed_on(self, client, mine):
        shared = SharedListFactory(service_ids=[service.id for service in mine])
        text = words(client.get(reverse("directory:print_document"), {"list": shared.said_code}))
        assert text.startswith(f"A list of services The code of this list is {shared.said_code}.")
        page = client.get(reverse("directory:shared_list", args=[shared.said_code]))
        assert f"?list={shared.code}" in page.content.decode()

    def test_what_is_no_longer_published_is_left_out(self, client, mine):
        Service.objects.filter(id=mine[0].id).update(published=False)
        text = words(client.get(reverse("directory:my_list_sheet")))
        assert "Zoo" not in text
        assert "1 service." in text


def test_a_program_that_never_stops_is_refused(client, feet, monkeypatch):
    from dcsn.limits.rates import Rate
    from directory.views import printing

    monkeypatch.setattr(printing, "LISTS_AT_ONCE", Rate(2, timedelta(minutes=10)))
    many(1, feet)
    address = reverse("directory:print_document") + "?topic=foot-care"
    assert [client.get(address).status_code for _try in range(3)] == [200, 200, 429]
    # The page before, and single sheets, go on working.
    assert client.get(reverse("directory:print"), {"topic": "foot-care"}).status_code == 200


class TestLong:
    @pytest.fixture
    def long(self, feet):
        return many(51, feet)

    def order(self, client, **data):
        return client.post(
            reverse("directory:start_print"),
            {"topic": "foot-care", "size": "18", "paper": "white", **data},
        )

    def test_is_not_made_in_the_request(self, client, long):
        response = client.get(reverse("directory:print_document"), {"topic": "foot-care"})
        assert response["Location"] == reverse("directory:print") + "?topic=foot-care"
        page = client.get(response["Location"]).content.decode()
        assert "That is a long document." in page
        assert f'action="{reverse("directory:start_print")}"' in page

    def test_two_readers_share_one_job_as_long_as_nothing_changed(self, client, long):
        first = self.order(client)
        job = Job.objects.get()
        assert first["Location"] == job.get_absolute_url()
        assert self.order(client)["Location"] == first["Location"]
        assert self.order(client, size="24")["Location"] != first["Location"]
        long[0].save()
        assert self.order(client)["Location"] == first["Location"], "nothing printed has changed"
        long[0].phones.update(number="01632 960 999")
        assert self.order(client)["Location"] != first["Location"]
        assert Job.objects.count() == 3

    def test_a_place_that_became_confidential_is_never_handed_out_again(
        self, client, long, settings, tmp_path
    ):
        from dcsn.jobs.runner import run_job

        settings.MEDIA_ROOT = tmp_path / "files"
        settings.PRINT_CACHE_DIR = tmp_path / "cache"
        place = LocationFactory(name="Hall of Mirrors")
        ServiceAtLocation.objects.create(service=long[0], location=place)
        self.order(client)
        job = run_job(Job.objects.get().pk)
        assert "Hall of Mirrors" in " ".join(page_texts(job.result_path.read_bytes()))
        place.is_confidential = True
        place.save()
        self.order(client)
        job = run_job(Job.objects.latest("created_at").pk)
        assert "Hall of Mirrors" not in " ".join(page_texts(job.result_path.read_bytes()))

    def test_the_job_makes_the_file_and_a_later_reader_gets_it(
        self, client, long, settings, tmp_path, time_machine
    ):
        from dcsn.jobs.runner import run_job

        settings.MEDIA_ROOT = tmp_path / "files"
        settings.PRINT_CACHE_DIR = tmp_path / "cache"
        time_machine.move_to("2026-11-22 09:00", tick=True)
        self.order(client)
        # The database's clock is not moved, and the date printed is the day it was asked for.
        Job.objects.update(created_at=timezone.now())
        job = run_job(Job.objects.get().pk)
        assert job.state == "done", job.error
        assert (job.done, job.percent) == (job.total, 100)
        response = client.get(reverse("jobs:file", args=[job.id]))
        data = b"".join(response.streaming_content)
        assert 'filename="foot-care-large-print-2026-11-22.pdf"' in response["Content-Disposition"]
        pages = list(page_texts(data))
        listed = re.findall(r"(Club \d{3}), page.(\d+)", " ".join(pages))
        assert len(listed) == 51
        assert all(f"{name} Organisation" in pages[int(page) - 1] for name, page in listed)
        assert "51 services. Printed on Sunday 22 November 2026." in pages[0].replace("\u00a0", " ")
        Job.objects.update(expires_at=timezone.now() + timedelta(hours=1))
        assert self.order(client)["Location"] == job.get_absolute_url()
        assert Job.objects.count() == 1

    def test_a_topic_that_is_gone_when_the_job_runs_is_said_to_be(self, client, long, feet):
        from dcsn.jobs.runner import run_job

        self.order(client)
        feet.delete()
        job = run_job(Job.objects.get().pk)
        assert (job.state, job.error) == ("failed", "What was to be printed is no longer there.")

    def test_a_short_list_is_sent_to_its_document(self, client, feet):
        many(2, feet)
        response = self.order(client, paper="yellow")
        assert response["Location"] == (
            reverse("directory:print_document") + "?topic=foot-care&size=18&paper=yellow"
        )
        assert not Job.objects.exists()

    def test_a_wrong_choice_is_said(self, client, long):
        assert "govuk-error-summary" in self.order(client, size="7").content.decode()
        assert not Job.objects.exists()

    def test_so_many_in_ten_minutes(self, client, long):
        codes = [self.order(client).status_code for _try in range(7)]
        assert codes == [302] * 6 + [429]

    def test_only_by_a_form(self, client, long):
        assert client.get(reverse("directory:start_print")).status_code == 405
