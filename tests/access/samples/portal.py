"""Objects to open the addresses of the portal itself with."""

from __future__ import annotations

from typing import Any

from dcsn.accounts.invitations import invite
from tests.access.samples.registry import own_organisation, sample
from tests.conftest import Cast
from tests.factories.job import finished_job
from tests.factories.message import MessageFactory
from tests.factories.person import access_point
from tests.factories.picture import PictureFactory
from tests.factories.place import LocationFactory
from tests.factories.service import ServiceFactory
from tests.factories.topic import TopicFactory


@sample("password reset")
def _(cast: Cast) -> dict[str, Any]:
    return {"uidb36": "0", "key": "not-a-key"}


@sample("invitation")
def _(cast: Cast) -> dict[str, Any]:
    _invitation, address = invite(
        email="new@example.org", roles=["coordinator"], by=cast.administrator
    )
    return {"token": address.rstrip("/").rsplit("/", 1)[1]}


@sample("waiting invitation")
def _(cast: Cast) -> dict[str, Any]:
    invitation, _address = invite(
        email="waiting@example.org", roles=["coordinator"], by=cast.administrator
    )
    return {"invitation_id": invitation.pk}


@sample("account")
def _(cast: Cast) -> dict[str, Any]:
    return {"user_id": cast.coordinator.pk}


@sample("role")
def _(cast: Cast) -> dict[str, Any]:
    return {
        "user_id": cast.coordinator.pk,
        "assignment_id": cast.coordinator.role_assignments.get().pk,
    }


@sample("own service")
def _(cast: Cast) -> dict[str, Any]:
    return {"service_id": ServiceFactory(organisation=own_organisation(cast)).pk}


@sample("own place")
def _(cast: Cast) -> dict[str, Any]:
    place = LocationFactory()
    service = ServiceFactory(organisation=own_organisation(cast), places=[place])
    return {"service_id": service.pk, "location_id": place.pk}


@sample("own organisation")
def _(cast: Cast) -> dict[str, Any]:
    return {"organisation_id": own_organisation(cast).pk}


@sample("topic term")
def _(cast: Cast) -> dict[str, Any]:
    return {"term_id": TopicFactory().pk}


@sample("picture")
def _(cast: Cast) -> dict[str, Any]:
    return {"picture_id": PictureFactory(organisation=own_organisation(cast)).pk}


@sample("information page")
def _(cast: Cast) -> dict[str, Any]:
    return {"slug": "accessibility"}


@sample("public job")
def _(cast: Cast) -> dict[str, Any]:
    return {"job_id": finished_job().pk}


@sample("message")
def _(cast: Cast) -> dict[str, Any]:
    return {"message_id": MessageFactory(failed=True, organisation_id=cast.organisation_id).pk}


@sample("letter")
def _(cast: Cast) -> dict[str, Any]:
    return {"message_id": MessageFactory(letter=True, organisation_id=cast.organisation_id).pk}


@sample("desk")
def _(cast: Cast) -> dict[str, Any]:
    # Whoever takes enquiries does so at an access point, a stranger at their own.
    access_point(cast.organisation_id)
    access_point(cast.other_organisation_id)
    return {}
