"""Signing in as people do it: through the forms, with the second factor."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dcsn.accounts.models import User
from dcsn.accounts.tasks import forget_ended_sessions
from dcsn.audit.models import Event
from tests.conftest import Cast
from tests.factories.user import PASSWORD, SECRET, UserFactory, code_now, code_of

SIGN_IN, CODE, SET_UP, HOME = (
    reverse("account_login"),
    reverse("mfa_authenticate"),
    reverse("mfa_activate_totp"),
    reverse("accounts:home"),
)


def give_password(client: Client, user: User, password: str = PASSWORD):
    return client.post(SIGN_IN, {"login": user.email, "password": password})


@pytest.mark.django_db
def test_staff_sign_in_with_password_and_code(cast: Cast, client: Client) -> None:
    user = cast.directory_editor
    # When they give their password
    response = give_password(client, user)
    # Then they are asked for a code, and are not signed in yet
    assert response.headers["Location"] == CODE
    assert client.get(HOME).headers["Location"].startswith(SIGN_IN)
    # When they give the code
    response = client.post(CODE, {"code": code_now(user)})
    # Then they are at their work, and it is written down
    assert response.headers["Location"] == HOME
    assert "Keeps the whole directory right" in client.get(HOME).content.decode()
    assert [e.type for e in Event.objects.by(user)] == ["account:signed_in"]


@pytest.mark.django_db
def test_after_signing_in_one_is_where_one_wanted_to_be(cast: Cast, client: Client) -> None:
    wanted = reverse("accounts:people")
    response = client.get(wanted, follow=True)
    response = client.post(
        SIGN_IN, {"login": cast.administrator.email, "password": PASSWORD, "next": wanted}
    )
    response = client.post(CODE, {"code": code_now(cast.administrator)})
    assert response.headers["Location"] == wanted


@pytest.mark.django_db
def test_a_foreign_address_to_go_to_is_ignored(cast: Cast, client: Client) -> None:
    client.post(
        SIGN_IN,
        {"login": cast.member.email, "password": PASSWORD, "next": "https://evil.example/"},
    )
    assert client.get(HOME).status_code == 200
    response = Client().post(
        SIGN_IN,
        {"login": cast.member.email, "password": PASSWORD, "next": "https://evil.example/"},
    )
    assert response.headers["Location"] == HOME


@pytest.mark.django_db
def test_a_recovery_code_signs_in_once(cast: Cast) -> None:
    user = cast.coordinator
    code = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[0]
    first, second = Client(), Client()
    give_password(first, user)
    assert first.post(CODE, {"code": code}).headers["Location"] == HOME
    give_password(second, user)
    assert "This is not the right code" in second.post(CODE, {"code": code}).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("later", [0, 29, 45])
def test_a_code_seen_over_a_shoulder_is_of_no_use(cast: Cast, later: int) -> None:
    user = cast.coordinator
    with time_machine.travel("2026-03-03 10:00:01+00:00", tick=False) as clock:
        code = code_now(user)
        first, second = Client(), Client()
        give_password(first, user)
        assert first.post(CODE, {"code": code}).headers["Location"] == HOME
        clock.shift(later)
        give_password(second, user)
        assert second.post(CODE, {"code": code}).status_code == 200
        assert second.get(HOME).status_code == 302


@pytest.mark.django_db
def test_a_code_is_good_a_little_longer_than_it_is_shown(cast: Cast, client: Client) -> None:
    with time_machine.travel("2026-03-03 10:00:29+00:00", tick=False) as clock:
        code = code_now(cast.coordinator)
        give_password(client, cast.coordinator)
        clock.shift(10)
        assert client.post(CODE, {"code": code}).headers["Location"] == HOME


@pytest.mark.django_db
def test_staff_without_a_second_factor_reach_only_the_set_up(client: Client) -> None:
    user = UserFactory(role="directory_editor")
    give_password(client, user)
    for address in (HOME, "/", reverse("accounts:people"), reverse("usersessions_list")):
        assert client.get(address).headers["Location"] == SET_UP, address
    page = client.get(SET_UP).content.decode()
    assert "Set up your second factor" in page


@pytest.mark.django_db(transaction=True)
def test_setting_up_the_second_factor() -> None:
    # Given somebody new at work, signed in here and, with the password alone, elsewhere
    user = UserFactory(role="directory_editor")
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        give_password(client, user)
        client.get(SET_UP)
    # When they type the code that the app shows for the key on the page
    page = here.get(SET_UP).content.decode()
    key = re.search(r'class="code-to-type">([A-Z2-7]+)<', page)
    assert key
    response = here.post(SET_UP, {"code": code_of(key[1])})
    # Then they see their recovery codes at once
    assert response.headers["Location"] == reverse("mfa_view_recovery_codes")
    page = here.get(response.headers["Location"]).content.decode()
    assert len(re.findall(r'class="code-to-type">\d{8}<', page)) == 10
    # and may begin to work; the other browser has to sign in anew
    assert here.get(HOME).status_code == 200
    assert elsewhere.get(HOME).headers["Location"].startswith(SIGN_IN)
    assert "account:second_factor_set_up" in {e.type for e in Event.objects.about(user.pk)}
    # and they are told by e-mail
    assert [m.subject for m in mail.outbox] == ["Your authenticator app is set up"]


@pytest.mark.django_db
def test_the_code_of_the_set_up_does_not_sign_in_again(client: Client) -> None:
    with time_machine.travel("2026-03-03 10:00:01+00:00", tick=False):
        user = UserFactory(role="directory_editor")
        give_password(client, user)
        key = re.search(r'code-to-type">([A-Z2-7]+)<', client.get(SET_UP).content.decode())
        assert key
        code = code_of(key[1])
        client.post(SET_UP, {"code": code})
        other = Client()
        give_password(other, user)
        page = other.post(CODE, {"code": code})
        assert "This code has been used" in page.content.decode()


@pytest.mark.django_db
def test_a_wrong_code_sets_nothing_up(client: Client) -> None:
    user = UserFactory(role="directory_editor")
    give_password(client, user)
    client.get(SET_UP)
    response = client.post(SET_UP, {"code": "000000"})
    assert "This is not the right code" in response.content.decode()
    assert not Authenticator.objects.filter(user=user).exists()


@pytest.mark.django_db(transaction=True)
def test_changing_the_app_closes_everything_until_the_new_one_is_set_up(
    cast: Cast, client: Client
) -> None:
    user = cast.coordinator
    other = Client()
    give_password(other, user)
    other.post(CODE, {"code": code_now(user)})
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        give_password(client, user)
        client.post(CODE, {"code": code_now(user)})
        assert client.get(HOME).status_code == 200
        response = client.post(reverse("mfa_deactivate_totp"))
        assert response.status_code == 302
        assert client.get(HOME).headers["Location"] == SET_UP
        assert other.get(HOME).headers["Location"].startswith(SIGN_IN)


@pytest.mark.django_db
def test_a_long_session_proves_itself_again_with_a_code(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    client = client_as(cast.coordinator)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        response = client.get(reverse("mfa_view_recovery_codes"))
        # with the code, not with the password that a bystander may have seen
        assert response.headers["Location"].startswith(reverse("mfa_reauthenticate"))
        page = client.get(response.headers["Location"])
        assert "Is it you?" in page.content.decode()
        response = client.post(
            reverse("mfa_reauthenticate"),
            {"code": code_now(cast.coordinator), "next": reverse("mfa_view_recovery_codes")},
        )
        assert response.headers["Location"] == reverse("mfa_view_recovery_codes")
        assert client.get(response.headers["Location"]).status_code == 200


@pytest.mark.django_db
def test_who_has_a_second_factor_cannot_choose_the_password_instead(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    response = client_as(cast.coordinator).get(reverse("account_reauthenticate"))
    assert response.headers["Location"] == reverse("mfa_reauthenticate")
    page = client_as(cast.member).get(reverse("account_reauthenticate")).content.decode()
    assert "Type your password once more" in page


@pytest.mark.django_db
def test_members_sign_in_with_a_password_alone(cast: Cast, client: Client) -> None:
    assert give_password(client, cast.member).headers["Location"] == HOME
    assert client.get(HOME).status_code == 200


@pytest.mark.django_db
def test_the_page_says_the_same_whether_or_not_there_is_an_account(cast: Cast) -> None:
    def answer(email: str) -> str:
        page = Client().post(SIGN_IN, {"login": email, "password": "wrong"}).content.decode()
        page = page.replace(email, "E-MAIL")
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]*"', "", page)

    assert answer(cast.coordinator.email) == answer("stranger@example.org")
    assert "The e-mail address or the password is not right." in answer("stranger@example.org")


@pytest.mark.django_db
def test_a_forgotten_password(cast: Cast, client: Client) -> None:
    user, forgotten = cast.coordinator, reverse("account_reset_password")
    # When somebody asks for an address that nobody has: the same page, no e-mail
    nobody = client.post(forgotten, {"email": "stranger@example.org"})
    assert mail.outbox == []
    # When they ask for their own
    response = client.post(forgotten, {"email": user.email})
    assert response.headers["Location"] == nobody.headers["Location"]
    body = mail.outbox[0].body
    link = re.search(r"http://testserver(/\S+)", body)
    assert link, body
    # Then the link lets them choose another, once
    page = client.get(link[1], follow=True)
    new = "three plums on a bicycle"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert give_password(Client(), user, new).headers["Location"] == CODE
    assert give_password(Client(), user).status_code == 200
    assert "can no longer be used" in Client().get(link[1], follow=True).content.decode()
    # and a forgotten password does not go round the second factor
    assert client.get(HOME).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("weak", ["short", "password1234", "123456789012"])
def test_weak_passwords_are_refused(
    cast: Cast, client_as: Callable[..., Client], weak: str
) -> None:
    response = client_as(cast.coordinator).post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": weak, "password2": weak},
    )
    assert response.status_code == 200
    assert "govuk-error-summary" in response.content.decode()
    assert User.objects.get(pk=cast.coordinator.pk).check_password(PASSWORD)


@pytest.mark.django_db
def test_changing_the_password_signs_out_everywhere_else(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    here, elsewhere = client_as(cast.coordinator), client_as(cast.coordinator)
    assert elsewhere.get(HOME).status_code == 200
    new = "three plums on a bicycle"
    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert here.get(HOME).status_code == 200
    assert elsewhere.get(HOME).headers["Location"].startswith(SIGN_IN)


@pytest.mark.django_db
def test_the_e_mail_address_is_changed_by_a_code(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    client, user = client_as(cast.coordinator), cast.coordinator
    response = client.post(
        reverse("account_email"), {"action_add": "1", "email": "new@example.org"}
    )
    assert response.headers["Location"] == reverse("account_email_verification_sent")
    assert mail.outbox[-1].to == ["new@example.org"]
    code = re.search(r"^([A-Z0-9-]{6,})$", mail.outbox[-1].body, re.MULTILINE)
    assert code, mail.outbox[-1].body
    # Before the code is typed nothing has changed
    assert (
        "Type the code from the e-mail" in client.get(response.headers["Location"]).content.decode()
    )
    assert User.objects.get(pk=user.pk).email == user.email
    client.post(reverse("account_email_verification_sent"), {"code": code[1]})
    assert User.objects.get(pk=user.pk).email == "new@example.org"
    assert list(EmailAddress.objects.filter(user=user).values_list("email", "verified")) == [
        ("new@example.org", True)
    ]
    assert "account:email_changed" in {e.type for e in Event.objects.about(user.pk)}


@pytest.mark.django_db
def test_an_unverified_address_cannot_sign_in(client: Client) -> None:
    user = UserFactory()
    EmailAddress.objects.filter(user=user).update(verified=False)
    response = give_password(client, user)
    assert response.headers["Location"] == reverse("account_email_verification_sent")
    assert client.get(HOME).headers["Location"].startswith(SIGN_IN)


@pytest.mark.django_db
def test_sign_up_is_closed_and_says_why(client: Client) -> None:
    page = client.get(reverse("account_signup")).content.decode()
    assert "You do not need an account" in page
    client.post(
        reverse("account_signup"),
        {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert not User.objects.exists()


@pytest.mark.django_db
def test_guessing_one_account_is_stopped(cast: Cast, client: Client) -> None:
    for _ in range(5):
        give_password(client, cast.coordinator, "wrong")
    page = give_password(client, cast.coordinator)
    assert "Wait five minutes" in page.content.decode()
    # Somebody else at the same library still signs in
    assert give_password(Client(), cast.member).headers["Location"] == HOME


@pytest.mark.django_db
def test_guessing_the_code_is_stopped(cast: Cast, client: Client) -> None:
    give_password(client, cast.coordinator)
    for _ in range(5):
        client.post(CODE, {"code": "000000"})
    page = client.post(CODE, {"code": code_now(cast.coordinator)})
    assert page.status_code == 200
    assert "tried many times" in page.content.decode()
    refused = Event.objects.about(cast.coordinator.pk).filter(type="account:code_refused")
    assert refused.count() == 5


@pytest.mark.django_db
def test_too_many_tries_from_one_address_get_the_plain_page(client: Client) -> None:
    statuses = [
        client.post(SIGN_IN, {"login": f"n{n}@example.org", "password": "x"}).status_code
        for n in range(61)
    ]
    assert statuses[-1] == 429
    assert 429 not in statuses[:60]
    assert "Too many tries" in client.post(SIGN_IN, {}).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "203.0.113.7", "127.0.0.1"),  # nobody in front: the header is the visitor's own claim
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.1, 203.0.113.7, 192.0.2.1", "203.0.113.7"),
    ],
)
def test_the_visitors_address_behind_proxies(
    settings, cast: Cast, proxies: int, forwarded: str, seen: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    client = Client(headers={"X-Forwarded-For": forwarded})
    give_password(client, cast.member)
    client.get(HOME)
    assert UserSession.objects.get(user=cast.member).ip == seen


def test_the_number_of_proxies_is_the_settings() -> None:
    assert settings.ALLAUTH_TRUSTED_PROXY_COUNT == settings.TRUSTED_PROXIES


@pytest.mark.django_db
def test_sessions_are_listed_and_ended(cast: Cast, client_as: Callable[..., Client]) -> None:
    here = client_as(cast.coordinator)
    elsewhere = client_as(cast.coordinator)
    elsewhere.get(HOME, headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
    here.get(HOME)
    page = here.get(reverse("usersessions_list")).content.decode()
    assert "Firefox on Windows" in page
    session = UserSession.objects.get(user_agent__contains="Firefox")
    here.post(reverse("accounts:end_session"), {"session": session.pk})
    assert elsewhere.get(HOME).headers["Location"].startswith(SIGN_IN)
    assert here.get(HOME).status_code == 200


@pytest.mark.django_db
def test_looking_at_pages_does_not_write_each_time(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    client = client_as(cast.coordinator)

    def seen_at():
        client.get(HOME)
        return UserSession.objects.get(user=cast.coordinator).last_seen_at

    first = seen_at()
    assert seen_at() == first
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert seen_at() > first + timedelta(minutes=5)


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "²"])
def test_nonsense_for_a_session_is_absent(
    cast: Cast, client_as: Callable[..., Client], number: str
) -> None:
    response = client_as(cast.coordinator).post(
        reverse("accounts:end_session"), {"session": number}
    )
    assert response.status_code == 404


@pytest.mark.django_db
def test_nobody_ends_anothers_session(cast: Cast, client_as: Callable[..., Client]) -> None:
    victim = client_as(cast.coordinator)
    victim.get(HOME)
    session = UserSession.objects.get(user=cast.coordinator)
    client_as(cast.member).post(reverse("accounts:end_session"), {"session": session.pk})
    assert victim.get(HOME).status_code == 200


@pytest.mark.django_db
def test_signing_out(cast: Cast, client_as: Callable[..., Client]) -> None:
    client = client_as(cast.coordinator)
    assert "Do you want to sign out?" in client.get(reverse("account_logout")).content.decode()
    assert client.get(HOME).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(HOME).headers["Location"].startswith(SIGN_IN)


@pytest.mark.django_db
def test_secrets_are_not_readable_in_the_database(cast: Cast) -> None:
    for found in Authenticator.objects.filter(user=cast.coordinator):
        assert SECRET not in str(found.data)
        assert str(found.data).count("gAAAA") == 1  # a Fernet token


@pytest.mark.django_db
def test_a_changed_secret_key_keeps_the_second_factors(
    settings, cast: Cast, client: Client
) -> None:
    user = cast.coordinator
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-" + "y" * 50
    give_password(client, user)
    assert client.post(CODE, {"code": code_now(user)}).headers["Location"] == HOME


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "account_login", "account_signup", "account_reset_password", "account_reset_password_done",
        "account_inactive", "account_reset_password_from_key_done",
    ],
)  # fmt: skip
def test_pages_wear_the_portals_look_without_inline_script_or_style(
    client: Client, name: str
) -> None:
    response = client.get(reverse(name))
    page = response.content.decode()
    assert "site-header" in page
    assert 'class="govuk-' in page
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style| style=| on\w+=|javascript:", page)
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "accounts:home", "account_email", "account_change_password", "mfa_index",
        "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp",
        "usersessions_list", "account_logout", "mfa_reauthenticate",
        "accounts:people", "accounts:roles", "accounts:invite",
    ],
)  # fmt: skip
def test_pages_for_staff_do_too(cast: Cast, client_as: Callable[..., Client], name: str) -> None:
    response = client_as(cast.administrator).get(reverse(name))
    page = response.content.decode()
    assert response.status_code == 200
    assert "site-header" in page
    assert page.count("<h1") == 1
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style| style=| on\w+=|javascript:", page)
    assert "Two-Factor" not in page
    assert "placeholder=" not in page


@pytest.mark.django_db
def test_sessions_that_are_over_are_forgotten(cast: Cast, client_as: Callable[..., Client]) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=13)):
        client_as(cast.coordinator).get(HOME)
    client_as(cast.member).get(HOME)
    assert Session.objects.count() == UserSession.objects.count() == 2
    assert forget_ended_sessions() == 1
    assert UserSession.objects.get().user == cast.member
    assert Session.objects.count() == 1
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} >= {
        forget_ended_sessions.name
    }
