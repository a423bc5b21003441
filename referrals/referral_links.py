"""What the apps above add to a referral's page, without this app knowing them: as ``enquiry_links``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from members.person_page import PageLink

if TYPE_CHECKING:
    from dcsn.accounts.models import User
    from referrals.models import Referral

Links = Callable[["User", "Referral"], Iterable[PageLink]]
_links: dict[str, Links] = {}


def register_links(key: str, links: Links) -> None:
    if key in _links:
        raise ValueError(f"The links {key} of a referral's page are registered twice.")
    _links[key] = links


def links_for(user: User, referral: Referral) -> list[PageLink]:
    return [link for links in _links.values() for link in links(user, referral)]
