"""What the apps above add to the page of a request for help, without this app knowing them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from members.person_page import PageLink

if TYPE_CHECKING:
    from dcsn.accounts.models import User
    from volunteers.models import HelpRequest

Links = Callable[["User", "HelpRequest"], Iterable[PageLink]]
_links: dict[str, Links] = {}


def register_links(key: str, links: Links) -> None:
    if key in _links:
        raise ValueError(f"The links {key} of a request for help are registered twice.")
    _links[key] = links


def links_for(user: User, help_request: HelpRequest) -> list[PageLink]:
    return [link for links in _links.values() for link in links(user, help_request)]
