"""The administrator's pages about accounts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dcsn.access import organisations
from dcsn.access.models import RoleAssignment
from dcsn.accounts.actions import AccountRefusedError, deactivate_account, reset_second_factor
from dcsn.accounts.invitations import invite
from dcsn.accounts.models import User
from dcsn.audit.models import Event
from tests.conftest import Cast
from tests.factories.organisation import OrganisationFactory
from tests.factories.user import PASSWORD, UserFactory

PEOPLE = reverse("accounts:people")


@pytest.fixture
def admin(cast: Cast, client_as: Callable[..., Client]) -> Client:
    return client_as(cast.administrator)


@pytest.fixture
def named_organisations(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """An app above that has organisations, as the directory is."""

    class Two:
        def names(self, ids):
            known = dict(self.choices())
            return {found: known[found] for found in ids if found in known}

        def choices(self):
            return [(cast.organisation_id, "Lamp House"), (cast.other_organisation_id, "Other")]

    monkeypatch.setattr(organisations, "_source", Two())


def test_the_list_names_people_roles_and_places(
    cast: Cast, admin: Client, named_organisations: None
) -> None:
    assert cast.hub_lead
    assert cast.member
    page = admin.get(PEOPLE).content.decode()
    assert "Hub lead (Lamp House)" in page
    assert cast.member.email in page
    assert "Second factor not set up" in page


def test_somebody_is_found_by_parts_of_name_and_address(cast: Cast, admin: Client) -> None:
    UserFactory(name="Blodwen Ap Test", email="b@other.example")
    page = admin.get(PEOPLE, {"q": "blod other"}).content.decode()
    assert "Blodwen" in page
    assert cast.administrator.email not in page
    page = admin.get(PEOPLE, {"q": "zzzz"}).content.decode()
    assert "0 accounts" in page
    assert "Show all accounts" in page


def test_the_list_takes_as_many_queries_for_many(cast: Cast, admin: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            admin.get(PEOPLE)
        return len(captured)

    admin.get(PEOPLE)
    for _ in range(2):
        UserFactory(role="coordinator", second_factor=True)
    few = queries()
    for _ in range(20):
        UserFactory(role="coordinator", second_factor=True)
        invite(
            email=f"n{User.objects.count()}@example.org",
            roles=["coordinator"],
            by=cast.administrator,
        )
    assert queries() == few


def test_a_role_is_given_and_ended(cast: Cast, admin: Client, named_organisations: None) -> None:
    user = UserFactory()
    admin.post(
        reverse("accounts:give_role", args=[user.pk]),
        {"role": "hub_lead", "organisation": str(cast.organisation_id)},
    )
    given = RoleAssignment.objects.current().get(user=user)
    assert (given.role, given.organisation_id) == ("hub_lead", cast.organisation_id)
    page = admin.get(reverse("accounts:person", args=[user.pk])).content.decode()
    assert "Hub lead – Lamp House" in page

    admin.post(reverse("accounts:end_role", args=[user.pk, given.pk]))
    assert not RoleAssignment.objects.current().filter(user=user).exists()
    page = admin.get(reverse("accounts:person", args=[user.pk])).content.decode()
    assert "Roles that have ended" in page


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ({"role": ""}, "This field is required"),
        ({"role": "hub_lead"}, "Choose the organisation"),
        ({"role": "resident"}, "Select a valid choice"),
        ({"role": "hub_lead", "organisation": "00000000-0000-0000-0000-000000000000"},
         "Select a valid choice"),
    ],
)  # fmt: skip
def test_a_role_that_does_not_fit_is_refused(
    cast: Cast, admin: Client, named_organisations: None, answer: dict[str, str], complaint: str
) -> None:
    user = UserFactory()
    page = admin.post(reverse("accounts:give_role", args=[user.pk]), answer).content.decode()
    assert complaint in page
    assert "govuk-error-summary" in page
    assert not user.role_assignments.exists()


def test_one_persons_role_is_not_ended_through_anothers_page(cast: Cast, admin: Client) -> None:
    role = cast.coordinator.role_assignments.get()
    response = admin.post(reverse("accounts:end_role", args=[cast.member.pk, role.pk]))
    assert response.status_code == 404
    assert cast.coordinator.role_assignments.current().exists()


def test_the_last_administrator_cannot_step_down(cast: Cast, admin: Client) -> None:
    own = cast.administrator.role_assignments.get()
    response = admin.post(
        reverse("accounts:end_role", args=[cast.administrator.pk, own.pk]), follow=True
    )
    assert "At least one administrator" in response.content.decode()
    assert cast.administrator.role_assignments.current().exists()


def test_an_account_is_closed_and_opened_again(
    cast: Cast, admin: Client, client_as: Callable[..., Client]
) -> None:
    user = cast.coordinator
    theirs = client_as(user)
    assert theirs.get(reverse("accounts:home")).status_code == 200

    page = admin.get(reverse("accounts:close", args=[user.pk])).content.decode()
    assert "Close the account of" in page
    assert User.objects.get(pk=user.pk).is_active  # asking changes nothing
    admin.post(reverse("accounts:close", args=[user.pk]))

    assert theirs.get(reverse("accounts:home")).status_code == 302
    page = Client().post(
        reverse("account_login"), {"login": user.email, "password": PASSWORD}, follow=True
    )
    assert "This account is closed" in page.content.decode()
    assert [e.type for e in Event.objects.about(user.pk)[:2]] == [
        "account:sessions_ended",
        "account:deactivated",
    ]
    admin.post(reverse("accounts:reopen", args=[user.pk]))
    assert User.objects.get(pk=user.pk).is_active
    assert Event.objects.about(user.pk)[0].type == "account:reactivated"


def test_nobody_closes_their_own_account(cast: Cast) -> None:
    UserFactory(role="administrator")
    with pytest.raises(AccountRefusedError):
        deactivate_account(user=cast.administrator, by=cast.administrator)
    with pytest.raises(AccountRefusedError):
        reset_second_factor(user=cast.administrator, by=cast.administrator)


@pytest.mark.django_db(transaction=True)
def test_a_lost_telephone(cast: Cast, admin: Client, client_as: Callable[..., Client]) -> None:
    user = cast.coordinator
    theirs = client_as(user)
    theirs.get(reverse("accounts:home"))

    admin.post(reverse("accounts:reset_second_factor", args=[user.pk]))

    assert theirs.get(reverse("accounts:home")).headers["Location"].startswith("/sign-in/")
    assert mail.outbox[-1].to == [user.email]
    assert "reset" in mail.outbox[-1].subject
    fresh = Client()
    fresh.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert fresh.get(reverse("accounts:home")).headers["Location"] == reverse("mfa_activate_totp")
    assert "account:second_factor_reset" in {e.type for e in Event.objects.about(user.pk)}


def test_signed_out_everywhere(cast: Cast, admin: Client, client_as: Callable[..., Client]) -> None:
    theirs = client_as(cast.coordinator)
    theirs.get(reverse("accounts:home"))
    admin.post(reverse("accounts:sign_out_everywhere", args=[cast.coordinator.pk]))
    assert theirs.get(reverse("accounts:home")).status_code == 302
    response = admin.post(
        reverse("accounts:sign_out_everywhere", args=[cast.coordinator.pk]), follow=True
    )
    assert "was not signed in anywhere" in response.content.decode()


def test_every_role_is_described(admin: Client) -> None:
    page = admin.get(reverse("accounts:roles")).content.decode()
    assert "Commissioner" in page
    assert "Has no view of any person" in page


def test_the_first_page_shows_only_doors_that_open(
    cast: Cast, admin: Client, client_as: Callable[..., Client]
) -> None:
    home = reverse("accounts:home")
    assert PEOPLE in admin.get(home).content.decode()
    assert PEOPLE not in client_as(cast.coordinator).get(home).content.decode()
    assert "You have no role" in client_as(cast.nobody).get(home).content.decode()


def test_who_has_no_work_at_a_desk_finds_their_own_pages_first(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    home = reverse("accounts:home")
    own = [reverse("members:my_membership"), reverse("volunteers:my_volunteering")]
    main = client_as(cast.nobody).get(home).content.decode().split("<main")[1]
    assert all(f'href="{address}"' in main for address in own)
    main = client_as(cast.access_point_staff).get(home).content.decode().split("<main")[1]
    assert not any(f'href="{address}"' in main for address in own)


def test_the_directory_says_what_organisations_are_called(admin: Client) -> None:
    organisation = OrganisationFactory(name="Lamp House")
    other = OrganisationFactory(name="Another")
    assert organisations.names([organisation.pk, None]) == {organisation.pk: "Lamp House"}
    assert organisations.choices() == [(other.pk, "Another"), (organisation.pk, "Lamp House")]
    page = admin.get(reverse("accounts:invite")).content.decode()
    assert f'<option value="{organisation.pk}">Lamp House</option>' in page


def test_nobody_gives_a_role_to_themselves(admin: Client, cast: Cast) -> None:
    """An administrator sees nobody's case, and must not make themselves somebody who does."""
    page = admin.post(
        reverse("accounts:give_role", args=[cast.administrator.pk]), {"role": "coordinator"}
    )

    assert "Nobody gives a role to themselves" in page.content.decode()
    assert not RoleAssignment.objects.filter(user=cast.administrator, role="coordinator").exists()
