"""The register of Article 30 and the page for staff, written from what the apps declare."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings

from dcsn.privacy.classification import Kind, ModelFields, declared
from dcsn.privacy.registry import PersonLink, links
from dcsn.privacy.retention import classes

WORDS = Path(__file__).with_name("data_handling.md")
DOCUMENT = Path("docs/data-handling.md")


def data_handling() -> str:
    """``docs/data-handling.md`` as it must be."""
    words = WORDS.read_text(encoding="utf-8")
    return words.replace("{retention}", retention_table()).replace("{register}", register())


def path() -> Path:
    return Path(settings.BASE_DIR) / DOCUMENT


def retention_table() -> str:
    """The classes, their settings and what is left, as a Markdown table."""
    rows = [
        "| what | kept for | setting | what is left |",
        "| --- | --- | --- | --- |",
    ]
    rows += [
        f"| {one.what} | {_days(one.days)} | `{one.variable}` | {one.becomes} |"
        for one in classes()
    ]
    return "\n".join(rows)


def _days(days: int) -> str:
    """Whole years as years: nobody knows what 2922 days are."""
    years = round(days / 365.25)
    if years and days in (years * 365, round(years * 365.25)):
        return f"{years} years ({days} days)" if years > 1 else f"1 year ({days} days)"
    return f"{days} days"


def register(*, every: bool = False) -> str:
    """One section for each app, one entry for each table; with ``every``, those with nothing personal too."""
    linked = {model._meta.label: link for model, link in links()}
    within = {
        child._meta.label: model._meta.label for model, link in links() for child in link.includes
    }
    parts: list[str] = []
    app = ""
    for label, fields in sorted(declared().items()):
        if not every and not fields.of_kind(Kind.PERSONAL, Kind.SPECIAL):
            continue
        if label.split(".")[0] != app:
            app = label.split(".")[0]
            parts.append(f"### {app}\n")
        parts.append("\n".join(_entry(label, fields, linked.get(label), within.get(label))) + "\n")
    return "\n".join(parts).rstrip()


def _entry(
    label: str, fields: ModelFields, link: PersonLink | None, within: str | None
) -> Iterator[str]:
    personal, special = fields.of_kind(Kind.PERSONAL), fields.of_kind(Kind.SPECIAL)
    yield f"**{label}** ({apps.get_model(label)._meta.verbose_name})\n"
    if personal:
        yield f"* personal: {', '.join(personal)}; {fields.basis.personal}"
    if special:
        yield f"* special category: {', '.join(special)}; {fields.basis.special}"
    setting = f" (`DCSN_{fields.kept.setting}`)" if fields.kept.setting else ""
    yield f"* kept: {fields.kept.words}{setting}"
    if link is not None and link.left_out_of_copy:
        yield "* in no copy for the person"
    elif link is not None:
        named = f"; may name somebody else: {', '.join(link.third_parties)}"
        yield f"* in a copy as “{link.heading}”{named if link.third_parties else ''}"
    elif within is not None:
        yield f"* in a copy, and erased, with {within}"
    if link is not None and link.keep:
        yield f"* after an erasure stays: {link.keep}"
