"""An editor changes a page."""

from __future__ import annotations

from django.db import transaction

from dcsn.access import Permission, check
from dcsn.accounts.models import User
from dcsn.audit import record
from dcsn.pages.events import PAGE_CHANGED
from dcsn.pages.models import InformationPage


@transaction.atomic
def change_page(*, slug: str, title: str, text: str, by: User) -> InformationPage:
    """Put an editor's words in place of the page's; the first change makes its row."""
    check(by, Permission.PAGE_CHANGE)
    page, _made = InformationPage.objects.update_or_create(
        slug=slug, defaults={"title": title, "text": text}
    )
    record(PAGE_CHANGED, by=by, fields=["title", "text"], details={"page": slug})
    return page


@transaction.atomic
def restore_page(*, slug: str, by: User) -> None:
    """Back to the text that the portal ships."""
    check(by, Permission.PAGE_CHANGE)
    InformationPage.objects.filter(slug=slug).delete()
    record(PAGE_CHANGED, by=by, fields=["title", "text"], details={"page": slug})
