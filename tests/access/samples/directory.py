"""Objects to open the addresses of directory with."""

from __future__ import annotations

from typing import Any

from tests.access.samples.registry import sample
from tests.conftest import Cast
from tests.factories.correction import CorrectionFactory
from tests.factories.organisation import OrganisationFactory
from tests.factories.service import ServiceFactory
from tests.factories.shared_list import SharedListFactory
from tests.factories.topic import TopicFactory


@sample("service")
def _(cast: Cast) -> dict[str, Any]:
    service = ServiceFactory()
    return {"slug": service.slug, "short_id": service.short_id}


@sample("organisation")
def _(cast: Cast) -> dict[str, Any]:
    organisation = OrganisationFactory()
    return {"slug": organisation.slug, "short_id": organisation.short_id}


@sample("service to report")
def _(cast: Cast) -> dict[str, Any]:
    return {"short_id": ServiceFactory().short_id}


@sample("shared list")
def _(cast: Cast) -> dict[str, Any]:
    return {"code": SharedListFactory().code}


@sample("report")
def _(cast: Cast) -> dict[str, Any]:
    return {"code": CorrectionFactory().code}


@sample("report at the desk")
def _(cast: Cast) -> dict[str, Any]:
    return {"correction_id": CorrectionFactory().id}


@sample("topic")
def _(cast: Cast) -> dict[str, Any]:
    return {"slug": TopicFactory().slug}


@sample("sitemap")
def _(cast: Cast) -> dict[str, Any]:
    return {"section": "services"}
