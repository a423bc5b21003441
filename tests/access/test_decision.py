"""``can()``: who, what and where."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404

from dcsn.access import Permission, can, check, scope_of_permission
from dcsn.access.actions import LastAdministratorError, RoleRefusedError, end_role, grant_role
from dcsn.access.decision import organisation_of
from dcsn.access.models import RoleAssignment
from dcsn.access.roles import ADMINISTRATOR, GIVEN_ROLES, ROLES
from dcsn.audit import SystemJob
from dcsn.audit.models import Event
from tests.conftest import Cast
from tests.factories.user import UserFactory

TESTS = SystemJob("tests")
pytestmark = pytest.mark.django_db


@dataclass
class Thing:
    """Stands for a row of any app that belongs to an organisation, or (None) to the network."""

    organisation_id: uuid.UUID | None


def test_each_role_is_described() -> None:
    assert len(ROLES) >= 13
    assert all(len(str(role.description)) > 40 for role in ROLES.values())


def test_nobody_may_do_anything_without_a_role(cast: Cast) -> None:
    for permission in Permission:
        assert not can(AnonymousUser(), permission)
        assert not can(cast.nobody, permission)


def test_superuser_opens_nothing() -> None:
    user = UserFactory(is_superuser=True)
    assert not any(can(user, permission) for permission in Permission)


def test_the_administrator_sees_no_person(cast: Cast) -> None:
    about_people = [p for p in Permission if p.startswith(("person:", "consent:", "paper:"))]
    assert len(about_people) > 6
    assert not any(can(cast.administrator, permission) for permission in about_people)


def test_every_permission_is_held_by_some_role() -> None:
    held = {permission for role in ROLES.values() for permission in role.permissions}
    assert set(Permission) - held == set()


def test_every_permission_is_asked_for_somewhere() -> None:
    """One that no page and no action asks for is a promise that nobody keeps."""
    code = "".join(
        path.read_text()
        for app in ("dcsn", "directory", "members", "referrals", "volunteers", "pathways")
        for path in (settings.BASE_DIR / app).rglob("*.py")
        if path.parent.name != "migrations" and path.name not in ("roles.py", "doors.py")
    )
    unasked = [p.name for p in Permission if not re.search(rf"\bPermission\.{p.name}\b", code)]
    assert unasked == []


def test_own_organisation_yes_other_no(cast: Cast) -> None:
    editor = cast.provider_editor
    assert can(editor, Permission.SERVICE_CHANGE)
    assert can(editor, Permission.SERVICE_CHANGE, Thing(cast.organisation_id))  # type: ignore[arg-type]
    assert not can(editor, Permission.SERVICE_CHANGE, Thing(cast.other_organisation_id))  # type: ignore[arg-type]


def test_network_role_reaches_every_organisation(cast: Cast) -> None:
    for organisation_id in (cast.organisation_id, cast.other_organisation_id, None):
        assert can(cast.directory_editor, Permission.SERVICE_CHANGE, Thing(organisation_id))  # type: ignore[arg-type]


def test_outside_is_absent_inside_is_refused(cast: Cast) -> None:
    theirs: Any = Thing(cast.organisation_id)
    with pytest.raises(Http404):
        check(cast.stranger("provider_editor"), Permission.SERVICE_CHANGE, theirs)
    with pytest.raises(PermissionDenied):
        check(cast.access_point_staff, Permission.SERVICE_CHANGE, theirs)
    with pytest.raises(PermissionDenied):
        check(cast.commissioner, Permission.SERVICE_CHANGE, theirs)
    assert check(cast.provider_editor, Permission.SERVICE_CHANGE, theirs) is None


def test_a_member_is_outside_every_organisation(cast: Cast) -> None:
    with pytest.raises(Http404):
        check(cast.member, Permission.SERVICE_CHANGE, Thing(cast.organisation_id))  # type: ignore[arg-type]


def test_an_object_that_says_not_whose_it_is_is_an_error() -> None:
    with pytest.raises(TypeError, match="register_scope"):
        organisation_of(object())  # type: ignore[arg-type]


def test_scope_lists_the_organisations(cast: Cast) -> None:
    editor = cast.provider_editor
    grant_role(
        user=editor,
        role="provider_editor",
        organisation_id=cast.other_organisation_id,
        by=TESTS,
    )
    scope = scope_of_permission(editor, Permission.SERVICE_CHANGE)
    assert not scope.network
    assert scope.organisations == {cast.organisation_id, cast.other_organisation_id}
    assert not scope_of_permission(editor, Permission.PERSON_VIEW)


def test_asking_often_costs_one_query(cast: Cast, django_assert_num_queries: Any) -> None:
    user = type(cast.coordinator).objects.get(pk=cast.coordinator.pk)
    with django_assert_num_queries(1):
        for _ in range(50):
            can(user, Permission.PERSON_VIEW, Thing(cast.organisation_id))  # type: ignore[arg-type]


def test_a_deactivated_user_may_nothing(cast: Cast) -> None:
    user = cast.coordinator
    user.is_active = False
    user.save()
    assert not can(type(user).objects.get(pk=user.pk), Permission.PERSON_VIEW)


def test_a_role_begins_and_ends_at_once_and_is_written_down(cast: Cast) -> None:
    user = UserFactory()
    assert not can(user, Permission.TAXONOMY_CHANGE)

    assignment = grant_role(user=user, role="directory_editor", by=cast.administrator)
    assert can(user, Permission.TAXONOMY_CHANGE)

    end_role(assignment=assignment, by=cast.administrator)
    assert not can(type(user).objects.get(pk=user.pk), Permission.TAXONOMY_CHANGE)
    assert [event.type for event in Event.objects.about(user.pk)] == ["role:ended", "role:granted"]
    assert {event.actor_user for event in Event.objects.about(user.pk)} == {cast.administrator.pk}


def test_a_role_is_given_once(cast: Cast) -> None:
    user = UserFactory()
    first = grant_role(user=user, role="commissioner", by=cast.administrator)
    assert grant_role(user=user, role="commissioner", by=cast.administrator) == first
    assert Event.objects.about(user.pk).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(user=user, role="commissioner")


@pytest.mark.parametrize("code", sorted(GIVEN_ROLES))
def test_the_database_holds_roles_to_their_reach(code: str) -> None:
    wrong = None if GIVEN_ROLES[code].at_organisation else uuid.uuid4()
    with pytest.raises(RoleRefusedError):
        grant_role(user=UserFactory(), role=code, organisation_id=wrong, by=TESTS)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(user=UserFactory(), role=code, organisation_id=wrong)


def test_resident_is_not_given() -> None:
    with pytest.raises(RoleRefusedError):
        grant_role(user=UserFactory(), role="resident", by=TESTS)


def test_the_last_administrator_stays(cast: Cast) -> None:
    only = RoleAssignment.objects.get(user=cast.administrator)
    with pytest.raises(LastAdministratorError):
        end_role(assignment=only, by=cast.administrator)

    UserFactory(role=ADMINISTRATOR.code, is_active=False)
    with pytest.raises(LastAdministratorError):
        end_role(assignment=only, by=cast.administrator)

    UserFactory(role=ADMINISTRATOR.code)
    assert end_role(assignment=only, by=cast.administrator).ended_at is not None


def test_the_name_of_the_session_key_is_allauths() -> None:
    from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY

    from dcsn.access.second_factor import METHODS_USED

    assert METHODS_USED == AUTHENTICATION_METHODS_SESSION_KEY
