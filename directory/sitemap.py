"""What search engines may read: the public pages, and nothing that is about one reader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import index, sitemap
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from dcsn.access import public
from directory.models import Organisation, Service, TaxonomyTerm


class _Here:
    """Stands for django.contrib.sites: our one public address."""

    domain = urlsplit(settings.SITE_ADDRESS).netloc
    name = domain


class PublicPages(Sitemap):
    protocol = urlsplit(settings.SITE_ADDRESS).scheme
    limit = 5000

    def get_urls(
        self, page: int | str = 1, site: object = None, protocol: str | None = None
    ) -> list:
        return super().get_urls(page, site=_Here, protocol=self.protocol)  # type: ignore[arg-type]


class Services(PublicPages):
    def items(self) -> QuerySet[Service]:
        return (
            Service.objects.publishable().only("slug", "short_id", "last_modified").order_by("id")
        )

    def lastmod(self, item: Service) -> datetime:
        return item.last_modified


class Organisations(PublicPages):
    def items(self) -> QuerySet[Organisation]:
        return (
            Organisation.objects.publishable()
            .only("slug", "short_id", "last_modified")
            .order_by("id")
        )

    def lastmod(self, item: Organisation) -> datetime:
        return item.last_modified


class Topics(PublicPages):
    def items(self) -> QuerySet[TaxonomyTerm]:
        return TaxonomyTerm.objects.filter(is_topic=True).only("slug").order_by("id")


class Fixed(PublicPages):
    def items(self) -> Sequence[str]:
        return ["directory:home", "directory:topics", "directory:a_to_z"]

    def location(self, item: str) -> str:
        return reverse(item)


# Apps above add theirs in their ``apps.ready()``.
MAPS: dict[str, type[Sitemap[Any]] | Sitemap[Any]] = {
    "pages": Fixed,
    "topics": Topics,
    "services": Services,
    "organisations": Organisations,
}


# What nobody should find by a search engine: lists, codes, results, the desk. Apps above add theirs.
DISALLOWED = [
    "/desk/",
    "/list/",
    "/my-list/",
    "/print/",
    "/report/",
    "/services/?",
]


@public
@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    return index(request, MAPS, sitemap_url_name="directory:sitemap_section")


@public
@require_safe
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    return sitemap(request, MAPS, section=section)


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Lists, codes, results and the desk are nobody else's business."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in sorted(DISALLOWED)),
        f"Sitemap: {settings.SITE_ADDRESS}{reverse('directory:sitemap')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain")
