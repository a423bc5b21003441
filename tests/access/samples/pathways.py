"""Objects to open the addresses of pathways with."""

from __future__ import annotations

from typing import Any

from pathways.models import Pathway
from tests.access.samples.registry import sample
from tests.conftest import Cast
from tests.factories.pathways import PathwayFactory
from tests.factories.person import PersonFactory, access_point


def own_pathway(cast: Cast, **facts: Any) -> Pathway:
    """At the cast's access point, with the cast's coordinator."""
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    return PathwayFactory(person=person, coordinator=cast.coordinator, **facts)


@sample("pathway")
def _(cast: Cast) -> dict[str, Any]:
    return {"pathway_id": own_pathway(cast).pk}
