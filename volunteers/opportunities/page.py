"""What the list of roles says: the search's findings in words, links and choices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.maps import points_of
from volunteers.models import Opportunity
from volunteers.opportunities.finding import Found
from volunteers.opportunities.forms import DAYS, RolesForm
from volunteers.opportunities.words import RoleCard, card_of


@dataclass(frozen=True)
class Option:
    """Something to tick; ``count`` is None where it is not counted."""

    value: str
    label: str
    checked: bool
    count: int | None = None


@dataclass(frozen=True)
class RolesPage:
    """Everything that the list's template says."""

    found: Found
    heading: str
    cards: list[RoleCard]
    kinds: list[Option]
    days: list[Option]
    chosen: list[tuple[str, str]]
    before: str
    after: str
    remarks: list[str]
    query: str
    points: list[dict[str, Any]]

    @property
    def words(self) -> str:
        return self.found.query.words

    @property
    def pages_in_words(self) -> str:
        return _("Page %(page)s of %(pages)s") % {
            "page": self.found.page,
            "pages": self.found.pages,
        }


def roles_page(form: RolesForm, found: Found) -> RolesPage:
    cards = [card_of(role, number=n) for n, role in enumerate(found.roles, found.first_number)]
    kinds = [
        Option(value, str(label), value in found.query.kinds, found.counts.get(value, 0))
        for value, label in Opportunity.Kind.choices
        if found.counts.get(value) or value in found.query.kinds
    ]
    return RolesPage(
        found=found,
        heading=_heading(found),
        cards=cards,
        kinds=kinds,
        days=[Option(value, str(name), value in form.days) for value, name in DAYS.items()],
        chosen=list(_chosen(form)),
        before=_page_address(form, found.page - 1, found.pages),
        after=_page_address(form, found.page + 1, found.pages),
        remarks=list(_remarks(found)),
        query=form.address(),
        points=points_of_cards(cards),
    )


def points_of_cards(cards: Iterable[RoleCard]) -> list[dict[str, Any]]:
    return [
        point
        for card in cards
        if card.place is not None and card.role.where == Opportunity.Where.PLACE
        for point in points_of([card.place], name=card.role.name, address=card.address)
    ]


def _heading(found: Found) -> str:
    count = ngettext("%(count)s role", "%(count)s roles", found.total) % {"count": found.total}
    if found.query.words:
        count = _("%(roles)s for “%(words)s”") % {"roles": count, "words": found.query.words}
    if found.query.near:
        return _("%(roles)s near %(place)s") % {"roles": count, "place": found.query.near.asked}
    return count


def _chosen(form: RolesForm) -> Iterable[tuple[str, str]]:
    """What is on, and the address without it."""
    for kind in form.kinds:
        left = [value for value in form.kinds if value != kind]
        yield str(Opportunity.Kind(kind).label), f"?{form.address(kind=left)}"
    for day in form.days:
        left = [value for value in form.days if value != day]
        yield str(DAYS[day]), f"?{form.address(day=left)}"
    for name in ("free_from", "free_to"):
        value = form.cleaned_data.get(name)
        if value:
            field: Any = form.fields[name]
            words = f"{field.label} {dict(field.choices)[value]}"
            yield words, f"?{form.address(**{name: None})}"
    within = form.cleaned_data.get("within")
    if form.near_position is not None and within:
        words = dict(form.fields["within"].choices)[within]  # type: ignore[attr-defined]
        yield str(words), f"?{form.address(within=None)}"


def _remarks(found: Found) -> Iterable[str]:
    if found.meant:
        yield _("Showing roles for “%(words)s”.") % {"words": found.meant}
    if found.widened:
        yield _("No role fits all of this; these fit a part of it.")
    if found.query.asks_when:
        yield _("These lie wholly in the time in which you are free, or you choose the times.")
    if found.query.near is not None:
        yield found.query.near.in_words()


def _page_address(form: RolesForm, page: int, pages: int) -> str:
    if not 1 <= page <= pages:
        return ""
    query = form.address()
    return f"?{query}&page={page}#found" if query else f"?page={page}#found"
