"""A page of plain information that an editor can change: accessibility, privacy, cookies.

Every page ships with a text (``texts/<slug>.md``); a row here replaces it. So a fresh installation has
all its pages, and an editor's words are never overwritten by an update.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from dcsn.network import network
from dcsn.pages.markdown import render_markdown

TEXTS = Path(__file__).parent / "texts"
# The address, and the title until an editor changes it.
PAGES = {
    "accessibility": _("Accessibility statement"),
    "privacy": _("Privacy notice"),
    "cookies": _("Cookies"),
    "other-formats": _("Other formats"),
    "get-involved": _("Get involved"),
    "join": _("Join"),
    "leaving-quickly": _("Leaving this site quickly"),
}


class InformationPageQuerySet(models.QuerySet["InformationPage"]):
    def page_for(self, slug: str) -> InformationPage | None:
        """The page as an editor left it, else as it ships; ``None`` for an unknown address."""
        if slug not in PAGES:
            return None
        return self.filter(slug=slug).first() or InformationPage.as_shipped(slug)

    def for_desk(self) -> list[InformationPage]:
        """All pages in the order of :data:`PAGES`, changed or not, in one query."""
        changed = {page.slug: page for page in self.filter(slug__in=PAGES)}
        return [changed.get(slug) or InformationPage.as_shipped(slug) for slug in PAGES]


class InformationPage(models.Model):
    """One page, replaced by an editor."""

    slug = models.SlugField(max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=100)
    text = models.TextField(_("text"))
    changed_at = models.DateTimeField(auto_now=True)

    objects = InformationPageQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("pages:page", args=[self.slug])

    @classmethod
    def as_shipped(cls, slug: str) -> InformationPage:
        """The page before anybody changed it; not saved."""
        text = (TEXTS / f"{slug}.md").read_text(encoding="utf-8")
        return cls(slug=slug, title=str(PAGES[slug]), text=text)

    @property
    def is_as_shipped(self) -> bool:
        return self.pk is None

    def as_html(self) -> SafeString:
        """The text with the network's own facts put in place of their names in braces."""
        facts = network()
        text = self.text
        for name, value in {
            "{network}": facts.name,
            "{area}": facts.area_name,
            "{helpline}": facts.helpline,
            "{hours}": facts.helpline_hours,
            "{session cookie}": settings.SESSION_COOKIE_NAME,
            "{form cookie}": settings.CSRF_COOKIE_NAME,
        }.items():
            text = text.replace(name, value)
        return render_markdown(text)
