"""Recording somebody and changing what is known: what people type, and two editors at once."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from dcsn.audit.models import Event
from members.forms.lines import PersonNameField
from members.models import Consent, OtherName, Person
from tests.factories.person import PersonFactory, access_point

pytestmark = pytest.mark.django_db
NEW = reverse("members:person_new")
LONG = "x" * 10_000


@pytest.fixture
def staff(cast, client_as, desk):
    return client_as(cast.access_point_staff)


@pytest.fixture
def filled_in(desk) -> dict:
    return {
        "given_name": "Winifred",
        "family_name": "Example",
        "known_as": "Winnie",
        "date_of_birth_day": "29",
        "date_of_birth_month": "Feb",
        "date_of_birth_year": "1944",
        "age_band": "",
        "address_1": "1 Example Terrace",
        "town": "Exampleton",
        "postcode": "dl37xx",
        "phone": "01632960321",
        "contact_by": "phone",
        "safe_contact_note": "Ring in the morning only 🙂",
        "formats": ["print_24", "interpreter"],
        "interpreter_language": "Polish",
        "lives_alone": "yes",
        "is_carer": "",
        "other_use": "maiden",
        "other_family_name": "Sample",
        "organisation": str(desk.id),
        "agreed": "spoken",
    }


def test_somebody_is_recorded_with_all_they_said(staff, filled_in, desk, cast):
    answer = staff.post(NEW, filled_in)
    person = Person.objects.get()
    assert answer["Location"] == person.get_absolute_url()
    assert (person.name, person.postcode, person.phone) == (
        "Winifred Example",
        "DL3 7XX",
        "01632 960321",
    )
    assert (person.date_of_birth, person.organisation) == (date(1944, 2, 29), desk)
    assert person.safe_contact_note == "Ring in the morning only 🙂", "kept: it is a note, no name"
    assert OtherName.objects.get().name == "Sample"
    assert Consent.objects.allows(person, "remember", desk, category="address")
    types = set(Event.objects.about(person.id).values_list("type", flat=True))
    assert {"person:added", "person:names_changed", "consent:recorded"} <= types


def test_who_could_not_be_asked_is_recorded_and_their_page_says_so(staff, filled_in):
    page = staff.post(NEW, filled_in | {"agreed": "not_asked"}, follow=True)
    assert "not recorded that they agree" in page.text
    assert not Consent.objects.exists()


def test_what_was_searched_for_is_filled_in_and_never_in_the_address(staff):
    page = staff.post(
        NEW,
        {
            "begin": "yes",
            "given_name": "Winifred",
            "family_name": "Example",
            "date_of_birth_day": "31",
            "date_of_birth_month": "2",
            "date_of_birth_year": "1944",
            "postcode": "DL3",
        },
    )
    assert page.status_code == 200
    assert 'value="Winifred"' in page.text
    assert 'value="31"' in page.text
    assert "There is a problem" not in page.text, "nobody has sent this form yet"
    assert not Person.objects.exists()
    ignored = staff.get(f"{NEW}?given_name=Winifred")
    assert 'value="Winifred"' not in ignored.text


TOMORROW = timezone.localdate() + timedelta(days=1)
WRONG = {
    "no name": (
        {"given_name": "", "family_name": "", "known_as": ""},
        "given_name",
        "Enter a name",
    ),
    "born tomorrow": (
        {
            "date_of_birth_day": str(TOMORROW.day),
            "date_of_birth_month": str(TOMORROW.month),
            "date_of_birth_year": str(TOMORROW.year),
        },
        "date_of_birth",
        "in the future",
    ),
    "born on 30 February": ({"date_of_birth_day": "30"}, "date_of_birth", "Enter a real date"),
    "born in 1844": ({"date_of_birth_year": "1844"}, "date_of_birth", "before 1900"),
    "date and age": ({"age_band": "80_plus"}, "age_band", "not both"),
    "no such postcode": ({"postcode": "DL99 9ZZZ"}, "postcode", "Enter a full postcode"),
    "emoji in a name": ({"given_name": "Winnie 🌻"}, "given_name", "leave out “🌻”"),
    "a formula": ({"family_name": "=1+1"}, "family_name", "leave out “=”, “1”, “+”"),
    "a formula at the other end": ({"known_as": "@SUM(A1)"}, "known_as", "leave out “@”"),
    "begins with a dash": ({"family_name": "-Example"}, "family_name", "begins with a letter"),
    "10,000 characters": ({"given_name": LONG}, "given_name", "Use 100 characters or fewer: this has 10000"),
    "10,000 in the note": (
        {"safe_contact_note": LONG},
        "safe_contact_note",
        "Use 300 characters or fewer: this has 10000",
    ),
    "language without interpreter": ({"formats": ["print_24"]}, "formats", "Tick “An interpreter”"),
    "texts without a phone": ({"contact_by": "sms", "phone": ""}, "phone", "Enter the phone number"),
    "letters to nowhere": (
        {"contact_by": "post", "address_1": "", "postcode": ""},
        "address_1",
        "Enter the address",
    ),
    "e-mail without an address": ({"contact_by": "email"}, "email", "Enter the e-mail address"),
    "another name of no kind": ({"other_use": ""}, "other_use", "Choose what kind of name"),
    "a kind and no other name": ({"other_family_name": ""}, "other_family_name", "Enter the other"),
    "not asked": ({"agreed": ""}, "agreed", "Say whether they agree"),
    "elsewhere's access point": ({"organisation": "00000000-0000-0000-0000-000000000000"}, "", ""),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_is_said_by_the_field_and_above_and_nothing_is_lost(staff, filled_in, case):
    changes, field, words = WRONG[case]
    sent = filled_in | changes
    page = staff.post(NEW, sent)
    assert page.status_code == 422
    assert not Person.objects.exists()
    assert not Consent.objects.exists()
    assert "There is a problem" in page.text
    if field:
        errors = page.context["form"].errors[field]
        assert words in " ".join(errors)
        summary = page.text.split("govuk-error-summary__list")[1].split("</ul>")[0]
        assert f'href="#{page.context["form"][field].error_target}"' in summary
        assert escape(errors[0]) in summary
    for name, value in sent.items():
        if isinstance(value, str) and value and name not in ("agreed", "organisation"):
            assert escape(value) in page.text, f"{name} was lost"


@pytest.mark.parametrize(
    "name",
    ["O’Neill-Żak", "de la Cruz", "Nguyễn", "van 't Hoff", "李", "Mary  Ann", "St. John", "محمد", "'t Hooft"],
)  # fmt: skip
def test_names_of_all_kinds(staff, filled_in, name):
    staff.post(NEW, filled_in | {"family_name": name})
    assert Person.objects.get().family_name == " ".join(name.split())


@given(st.text(max_size=120))
def test_a_name_is_refused_or_safe_to_open_in_a_spreadsheet_and_stays_as_it_is(typed):
    field = PersonNameField(required=False)
    try:
        name = field.clean(typed)
    except ValidationError:
        return
    assert field.clean(name) == name, "what was kept can be sent again"
    assert not name.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert not any(unicodedata.category(c) in ("Cc", "So", "Sc", "Nd", "Cs") for c in name)
    assert len(name) <= 100


def test_a_browser_does_not_cut_what_is_pasted(staff):
    page = staff.get(NEW).text
    box = re.search(r'<input[^>]*name="safe_contact_note"[^>]*>', page)[0]
    assert "maxlength" not in box


def test_a_network_wide_role_says_which_access_point(cast, client_as, filled_in, desk):
    access_point(name="Another desk")
    coordinator = client_as(cast.coordinator)
    assert "Which access point keeps the record?" in coordinator.get(NEW).text
    assert coordinator.post(NEW, filled_in | {"organisation": ""}).status_code == 422
    coordinator.post(NEW, filled_in)
    assert Person.objects.get().organisation == desk


def test_who_may_add_and_not_see_adds_and_is_led_home(cast, client_as, filled_in):
    del filled_in["agreed"]
    client = client_as(cast.volunteer_manager)
    page = client.get(NEW).text
    assert "Do they agree?" not in page
    assert "Another name they are known by" not in page
    assert client.post(NEW, filled_in)["Location"] == reverse("accounts:home")
    assert Person.objects.count() == 1
    assert not Consent.objects.exists()


# --- Changing ---------------------------------------------------------------------------------------


@pytest.fixture
def person(desk):
    return PersonFactory(organisation=desk, with_everything=True, family_name="Example")


def opened(client, person) -> dict:
    """What the browser would send back of the form as it stands."""
    page = client.get(reverse("members:person_change", args=[person.id]))
    form = page.context["form"]
    sent = {}
    for name in form.fields:
        value = form[name].value()
        if name == "date_of_birth":
            parts = form.fields[name].widget.decompress(value)
            for part, typed in zip(("day", "month", "year"), parts, strict=True):
                sent[f"{name}_{part}"] = "" if typed is None else str(typed)
        else:
            sent[name] = "" if value is None else value
    return sent


def change(client, person, sent):
    return client.post(reverse("members:person_change", args=[person.id]), sent)


def test_a_change_is_saved_and_only_its_field_is_in_the_trail(staff, person):
    sent = opened(staff, person)
    answer = change(staff, person, sent | {"town": "Newton"})
    assert answer["Location"] == person.get_absolute_url()
    person.refresh_from_db()
    assert person.town == "Newton"
    event = Event.objects.get(type="person:changed")
    assert (event.fields, event.subject) == (["town"], person.id)


def test_two_editors_of_different_facts_lose_nothing(cast, client_as, person):
    first, second = client_as(cast.access_point_staff), client_as(cast.hub_lead)
    theirs, mine = opened(first, person), opened(second, person)
    change(first, person, theirs | {"phone": "01632 960 999", "formats": ["print_18"],
                                    "interpreter_language": ""})  # fmt: skip
    page = second.post(
        reverse("members:person_change", args=[person.id]), mine | {"town": "Newton"}, follow=True
    )
    person.refresh_from_db()
    assert (person.town, person.phone, person.formats) == ("Newton", "01632 960999", ["print_18"])
    assert "Somebody else changed this record while you had it open" in page.text
    assert "Phone number" in page.text.split("and that is kept:")[1][:200]


def test_two_editors_of_one_fact_the_second_sees_and_chooses(cast, client_as, person):
    first, second = client_as(cast.access_point_staff), client_as(cast.hub_lead)
    theirs, mine = opened(first, person), opened(second, person)
    change(first, person, theirs | {"town": "Oldton", "email": "new@example.org"})
    page = change(second, person, mine | {"town": "Newton", "safe_contact_note": "Ring at noon."})
    assert page.status_code == 409
    person.refresh_from_db()
    assert (person.town, person.safe_contact_note) == ("Oldton", "Ring in the morning only.")
    assert "Somebody else has just saved: Oldton" in page.text
    form = page.context["form"]
    assert form["town"].value() == "Newton", "what was typed is not lost"
    assert form["safe_contact_note"].value() == "Ring at noon."
    assert form["email"].value() == "new@example.org", "what only they changed is there"
    # When the same form is sent again, the choice is made
    again = {**mine, "town": "Newton", "safe_contact_note": "Ring at noon.",
             "email": "new@example.org", "seen": form["seen"].value()}  # fmt: skip
    assert change(second, person, again).status_code == 302
    person.refresh_from_db()
    assert (person.town, person.email) == ("Newton", "new@example.org")
    assert person.safe_contact_note == "Ring at noon."


def test_two_editors_who_typed_the_same_do_not_clash(cast, client_as, person):
    first, second = client_as(cast.access_point_staff), client_as(cast.hub_lead)
    theirs, mine = opened(first, person), opened(second, person)
    change(first, person, theirs | {"town": "Newton"})
    assert change(second, person, mine | {"town": "Newton"}).status_code == 302


def test_a_date_of_birth_taken_out_meanwhile(cast, client_as, person):
    first, second = client_as(cast.access_point_staff), client_as(cast.hub_lead)
    theirs, mine = opened(first, person), opened(second, person)
    nothing = {"date_of_birth_day": "", "date_of_birth_month": "", "date_of_birth_year": ""}
    change(first, person, theirs | nothing | {"age_band": "80_plus", "town": "Oldton"})
    page = change(second, person, mine | {"town": "Newton"})
    assert page.status_code == 409
    assert page.context["form"]["date_of_birth"].value() == ["", "", ""]
    assert page.context["form"]["age_band"].value() == "80_plus"


def test_two_halves_that_do_not_go_together_are_said(cast, client_as, person):
    first, second = client_as(cast.access_point_staff), client_as(cast.hub_lead)
    theirs, mine = opened(first, person), opened(second, person)
    change(first, person, theirs | {"contact_by": "email"})
    page = change(second, person, mine | {"email": ""})
    assert page.status_code == 422
    assert "Enter the e-mail address" in page.text
    person.refresh_from_db()
    assert person.email == "winifred@example.org"


def test_a_seal_that_was_altered_or_is_another_persons_changes_nothing(staff, person, desk):
    sent = opened(staff, person)
    other = opened(staff, PersonFactory(organisation=desk))
    for seal in (other["seen"], sent["seen"][:-1] + "x", "", "rubbish"):
        page = change(staff, person, sent | {"town": "Newton", "seen": seal})
        assert page.status_code == 422
    person.refresh_from_db()
    assert person.town == "Exampleton"


def test_a_name_that_was_kept_before_stands_in_nobodys_way(staff, person):
    Person.objects.filter(pk=person.pk).update(family_name="Example 2nd")
    sent = opened(staff, person)
    assert change(staff, person, sent | {"town": "Newton"}).status_code == 302
    assert change(staff, person, sent | {"family_name": "Example 3rd"}).status_code == 422


def test_a_stranger_changes_nothing(cast, client_as, person):
    stranger = client_as(cast.stranger("access_point_staff"))
    assert change(stranger, person, {"town": "Newton"}).status_code == 404


def test_the_form_may_be_looked_at_and_that_is_noted(staff, person):
    opened(staff, person)
    assert Event.objects.filter(type="person:viewed", subject=person.id).count() == 1
