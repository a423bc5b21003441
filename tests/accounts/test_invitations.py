"""Inviting staff: one use, one week, one address."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from threading import Barrier, Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dcsn.access.models import RoleAssignment
from dcsn.access.roles import ADMINISTRATOR
from dcsn.accounts.actions import deactivate_account
from dcsn.accounts.invitations import (
    InvitationRefusedError,
    accept_invitation,
    invite,
    invite_again,
    withdraw_invitation,
)
from dcsn.accounts.models import Invitation, User
from dcsn.accounts.tasks import forget_old_invitations
from dcsn.audit.models import Event
from tests.conftest import Cast
from tests.factories.user import PASSWORD, UserFactory, code_of

NEW = "new.colleague@example.org"
ANSWER = {"name": "New Colleague", "password1": PASSWORD, "password2": PASSWORD}


def path_of(address: str) -> str:
    return urlsplit(address).path


def token_of(address: str) -> str:
    return path_of(address).rstrip("/").rsplit("/", 1)[1]


@pytest.mark.django_db(transaction=True)
def test_from_the_invitation_to_the_first_day_of_work(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    # Given an administrator who invites somebody
    response = client_as(cast.administrator).post(
        reverse("accounts:invite"), {"email": NEW, "roles": ["coordinator", "directory_editor"]}
    )
    assert response.headers["Location"] == reverse("accounts:people")
    # When the new colleague opens the link in the e-mail
    message = mail.outbox[0]
    assert message.to == [NEW]
    assert "Coordinator" in message.body
    link = re.search(r"https?://\S+", message.body)
    assert link
    client, page = Client(), path_of(link[0])
    assert "Keeps the whole directory right" in client.get(page).content.decode()
    # and gives a name and a password
    client.post(page, ANSWER)
    # Then they sign in, set up the second factor, and are at work
    response = client.post(reverse("account_login"), {"login": NEW, "password": PASSWORD})
    set_up = client.get(reverse("accounts:home")).headers["Location"]
    key = re.search(r'class="code-to-type">([A-Z2-7]+)<', client.get(set_up).content.decode())
    assert key
    client.post(set_up, {"code": code_of(key[1])})
    assert client.get(reverse("accounts:home")).status_code == 200
    user = User.objects.get(email=NEW)
    assert {a.role for a in RoleAssignment.objects.current().filter(user=user)} == {
        "coordinator",
        "directory_editor",
    }
    # and the administrator is the one who gave the roles
    assert {a.granted_by for a in user.role_assignments.all()} == {cast.administrator}
    # and the link is of no use to anybody else
    again = Client().post(page, ANSWER)
    assert again.status_code == 410
    assert "can no longer be used" in again.content.decode()
    assert User.objects.filter(email=NEW).count() == 1


@pytest.mark.django_db
def test_the_token_is_not_in_the_database(cast: Cast) -> None:
    invitation, address = invite(email=NEW, roles=["coordinator"], by=cast.administrator)
    stored = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert token_of(address) not in str(stored)
    assert len(token_of(address)) >= 43  # 256 bits


@pytest.mark.django_db
def test_it_runs_out_after_a_week(cast: Cast, client: Client) -> None:
    _, address = invite(email=NEW, roles=["coordinator"], by=cast.administrator)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert client.get(path_of(address)).status_code == 410
        with pytest.raises(InvitationRefusedError):
            accept_invitation(token=token_of(address), name="x", password=PASSWORD)
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23)):
        assert client.get(path_of(address)).status_code == 200


@pytest.mark.django_db
def test_a_withdrawn_one_is_of_no_use(cast: Cast, client: Client) -> None:
    invitation, address = invite(email=NEW, roles=["coordinator"], by=cast.administrator)
    withdraw_invitation(invitation=invitation, by=cast.administrator)
    withdraw_invitation(invitation=invitation, by=cast.administrator)
    assert client.post(path_of(address), ANSWER).status_code == 410
    assert not User.objects.filter(email=NEW).exists()
    assert [e.type for e in Event.objects.about(invitation.pk)] == [
        "invitation:withdrawn",
        "invitation:sent",
    ]


@pytest.mark.django_db
def test_the_last_one_counts(cast: Cast, client: Client) -> None:
    _, old = invite(email=NEW, roles=["coordinator"], by=cast.administrator)
    _, new = invite(email=NEW.upper(), roles=["commissioner"], by=cast.administrator)
    assert client.get(path_of(old)).status_code == 410
    assert client.get(path_of(new)).status_code == 200
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(email=NEW, roles=["coordinator"], token_hash="x")
    _, newer = invite_again(invitation=Invitation.objects.waiting().get(), by=cast.administrator)
    assert client.get(path_of(new)).status_code == 410
    assert client.get(path_of(newer)).status_code == 200
    assert Invitation.objects.waiting().get().roles == ["commissioner"]


@pytest.mark.django_db
def test_what_a_closed_account_sent_opens_nothing(cast: Cast, client: Client) -> None:
    """Or an administrator who is shown out could come back in by an invitation to themselves."""
    leaver = UserFactory(role="administrator")
    _, address = invite(email=NEW, roles=["administrator"], by=leaver)
    deactivate_account(user=leaver, by=cast.administrator)
    response = client.post(path_of(address), ANSWER)
    assert response.status_code == 410
    assert not User.objects.filter(email=NEW).exists()
    invitation = Invitation.objects.get(email=NEW)
    _, again = invite_again(invitation=invitation, by=cast.administrator)
    assert accept_invitation(token=token_of(again), name="x", password=PASSWORD).is_active


@pytest.mark.django_db
def test_who_has_an_account_is_not_invited(cast: Cast) -> None:
    with pytest.raises(InvitationRefusedError):
        invite(email=cast.member.email.upper(), roles=["coordinator"], by=cast.administrator)


@pytest.mark.django_db
def test_roles_at_an_organisation_need_one(cast: Cast) -> None:
    with pytest.raises(InvitationRefusedError):
        invite(email=NEW, roles=["hub_lead"], by=cast.administrator)
    with pytest.raises(InvitationRefusedError):
        invite(
            email=NEW,
            roles=["coordinator"],
            organisation_id=cast.organisation_id,
            by=cast.administrator,
        )
    _, address = invite(
        email=NEW,
        roles=["hub_lead", "coordinator"],
        organisation_id=cast.organisation_id,
        by=cast.administrator,
    )
    user = accept_invitation(token=token_of(address), name="Hub Lead", password=PASSWORD)
    assert {(a.role, a.organisation_id) for a in user.role_assignments.all()} == {
        ("hub_lead", cast.organisation_id),
        ("coordinator", None),
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ({"name": ""}, "This field is required"),
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password2": "something else entirely"}, "not the same"),
        ({"password1": NEW, "password2": NEW}, "too similar"),
    ],
)
def test_what_is_missing_is_said(
    cast: Cast, client: Client, answer: dict[str, str], complaint: str
) -> None:
    _, address = invite(email=NEW, roles=["coordinator"], by=cast.administrator)
    page = client.post(path_of(address), ANSWER | answer).content.decode()
    assert "govuk-error-summary" in page
    assert complaint in page
    assert not User.objects.filter(email=NEW).exists()


@pytest.mark.django_db
def test_the_form_says_that_a_role_needs_an_organisation(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    page = (
        client_as(cast.administrator)
        .post(reverse("accounts:invite"), {"email": NEW, "roles": ["hub_lead"]})
        .content.decode()
    )
    assert "Choose the organisation that they will work for." in page
    assert not Invitation.objects.exists()


@pytest.mark.django_db
def test_the_first_administrator() -> None:
    out = StringIO()
    call_command("invite_administrator", NEW, stdout=out)
    address = out.getvalue().splitlines()[-1]
    user = accept_invitation(token=token_of(address), name="First", password=PASSWORD)
    assert user.role_assignments.get().role == ADMINISTRATOR.code
    assert user.role_assignments.get().granted_by is None
    assert mail.outbox == []


@pytest.mark.django_db
def test_a_known_account_becomes_administrator_at_once() -> None:
    user = UserFactory()
    out = StringIO()
    call_command("invite_administrator", user.email.upper(), stdout=out)
    assert "is an administrator now" in out.getvalue()
    assert user.role_assignments.get().role == ADMINISTRATOR.code


@pytest.mark.django_db
def test_the_command_refuses_nonsense() -> None:
    with pytest.raises(CommandError, match="not an e-mail address"):
        call_command("invite_administrator", "nonsense")
    with pytest.raises(CommandError, match="closed"):
        call_command("invite_administrator", UserFactory(is_active=False).email)
    assert not Invitation.objects.exists()


@pytest.mark.django_db
def test_old_invitations_are_forgotten(cast: Cast) -> None:
    _, address = invite(email=NEW, roles=["coordinator"], by=cast.administrator)
    accept_invitation(token=token_of(address), name="x", password=PASSWORD)
    invite(email="waiting@example.org", roles=["coordinator"], by=cast.administrator)
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert forget_old_invitations() == 1  # the other ran out only 84 days ago
    with time_machine.travel(timezone.now() + timedelta(days=98)):
        assert forget_old_invitations() == 1
    assert not Invitation.objects.exists()
    assert User.objects.filter(email=NEW).exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_use_the_link_at_the_same_moment(cast: Cast) -> None:
    """One gets the account, the other is told that the link was used."""
    _, address = invite(email=NEW, roles=["coordinator"], by=cast.administrator)
    start, results = Barrier(2), []

    def use(name: str) -> None:
        start.wait()
        try:
            accept_invitation(token=token_of(address), name=name, password=PASSWORD)
            results.append("account")
        except InvitationRefusedError:
            results.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=use, args=[name]) for name in ("First", "Second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["account", "refused"]
    assert User.objects.filter(email=NEW).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_mail_server_does_not_answer(
    cast: Cast, client_as: Callable[..., Client], settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    settings.EMAIL_USE_TLS = False
    client = client_as(cast.administrator)
    page = client.post(
        reverse("accounts:invite"), {"email": NEW, "roles": ["coordinator"]}, follow=True
    ).content.decode()
    # It says so, and the invitation waits to be sent again
    assert "The mail server does not answer" in page
    assert "on its way" not in page
    assert NEW in page
    again = Invitation.objects.waiting().get()
    page = client.post(
        reverse("accounts:invite_again", args=[again.pk]), follow=True
    ).content.decode()
    assert "The mail server does not answer" in page
    assert Invitation.objects.waiting().count() == 1
