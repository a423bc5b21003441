"""What a view wears, apart from any page of the portal."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.decorators import method_decorator
from django.views.generic import DetailView, View

from dcsn.access import Permission, RequiresPermission, get_permitted_or_404, public, requires
from dcsn.access.decorators import Declared, signed_in
from dcsn.access.second_factor import METHODS_USED
from dcsn.accounts.models import User
from directory.models import Service
from tests.conftest import Cast
from tests.factories.organisation import OrganisationFactory
from tests.factories.service import ServiceFactory

pytestmark = pytest.mark.django_db


def answer(request: HttpRequest, **named: Any) -> HttpResponse:
    return HttpResponse("seen")


def ask(user: Any, *, method: str = "GET", second_factor: bool = True) -> HttpRequest:
    request = RequestFactory().generic(method, "/somewhere/?q=x")
    request.user = user
    request.session = SessionStore()
    if second_factor:
        request.session[METHODS_USED] = [{"method": "mfa", "at": time.time()}]
    return request


def test_public_asks_nothing() -> None:
    assert public(answer)(ask(AnonymousUser())).content == b"seen"


def test_a_visitor_is_sent_to_sign_in_and_back() -> None:
    view = requires(Permission.SERVICE_CHANGE)(answer)
    assert (
        view(ask(AnonymousUser())).headers["Location"] == "/sign-in/?next=%2Fsomewhere%2F%3Fq%3Dx"
    )
    # after sending a form the address alone would bring nothing back
    assert view(ask(AnonymousUser(), method="POST")).headers["Location"] == "/sign-in/"
    assert signed_in(answer)(ask(AnonymousUser())).status_code == 302


def test_staff_without_their_second_factor_are_sent_to_set_it_up(cast: Cast) -> None:
    view = requires(Permission.SERVICE_CHANGE)(answer)
    response = view(ask(cast.directory_editor, second_factor=False))
    assert response.headers["Location"] == "/sign-in/second-factor/set-up/"
    assert view(ask(cast.directory_editor)).content == b"seen"


def test_the_permission_is_asked(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        requires(Permission.SERVICE_CHANGE)(answer)(ask(cast.coordinator))


def test_what_a_view_declares_can_be_read() -> None:
    assert public(answer).access == Declared("public")  # type: ignore[attr-defined]
    view = requires(Permission.SERVICE_CHANGE)(answer)
    assert view.access == Declared("requires", Permission.SERVICE_CHANGE)  # type: ignore[attr-defined]


def test_nothing_is_declared_twice() -> None:
    with pytest.raises(TypeError, match="twice"):
        public(signed_in(answer))


def test_class_views_declare_it_too(cast: Cast) -> None:
    @method_decorator(public, name="dispatch")
    class Open(View):
        def get(self, request: HttpRequest) -> HttpResponse:
            return answer(request)

    class Closed(RequiresPermission, View):
        permission = Permission.SERVICE_CHANGE

        def get(self, request: HttpRequest) -> HttpResponse:
            return answer(request)

    assert Open.as_view().access == Declared("public")  # type: ignore[attr-defined]
    assert Closed.as_view().access.permission == Permission.SERVICE_CHANGE  # type: ignore[attr-defined]
    assert Closed.as_view()(ask(cast.directory_editor)).content == b"seen"
    with pytest.raises(PermissionDenied):
        Closed.as_view()(ask(cast.coordinator))


def test_a_class_view_checks_its_object(cast: Cast) -> None:
    class Change(RequiresPermission, DetailView):
        permission = Permission.SERVICE_CHANGE
        model = Service

        def render_to_response(self, context: dict[str, Any], **named: Any) -> HttpResponse:
            return answer(self.request)

    service = ServiceFactory(organisation=OrganisationFactory(id=cast.organisation_id))
    view = Change.as_view()
    assert view(ask(cast.provider_editor), pk=service.pk).content == b"seen"
    with pytest.raises(Http404):
        view(ask(cast.stranger("provider_editor")), pk=service.pk)


def test_found_and_checked_in_one_call(cast: Cast) -> None:
    service = ServiceFactory(organisation=OrganisationFactory(id=cast.organisation_id))
    rows = Service.objects.all()
    found = get_permitted_or_404(
        cast.provider_editor, Permission.SERVICE_CHANGE, rows, pk=service.pk
    )
    assert found == service
    for user in (cast.stranger("provider_editor"), cast.nobody):
        with pytest.raises((Http404, PermissionDenied)):
            get_permitted_or_404(user, Permission.SERVICE_CHANGE, rows, pk=service.pk)


def test_an_older_session_does_not_become_good(cast: Cast, client: Any) -> None:
    """It is the session that must have shown the code, not the account that must have an app."""
    client.force_login(cast.coordinator)
    response = client.get("/account/")
    assert response.headers["Location"] == "/sign-in/second-factor/set-up/"
    assert User.objects.filter(pk=cast.coordinator.pk, authenticator__type="totp").exists()
