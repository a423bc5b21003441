"""What a service is about, and the everyday words people use for it."""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.models.identity import Identified


class Taxonomy(Identified):
    """A list of terms, ours or a published one (HSDS ``taxonomy``)."""

    name = models.CharField(_("name"), max_length=255, unique=True)
    description = models.TextField(_("description"), blank=True)
    uri = models.URLField(max_length=500, blank=True)
    version = models.CharField(max_length=50, blank=True)

    class Meta:
        verbose_name_plural = _("taxonomies")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TaxonomyTermQuerySet(models.QuerySet["TaxonomyTerm"]):
    def topics(self) -> TaxonomyTermQuerySet:
        """The top level, as the home page lists them."""
        return self.filter(parent=None, is_topic=True).order_by("position", "sort_key")

    def for_topics_page(self) -> list[tuple[TaxonomyTerm, list[TaxonomyTerm]]]:
        """Each topic with what stands directly below it, in one query."""
        below: dict[UUID | None, list[TaxonomyTerm]] = {}
        for term in self.filter(is_topic=True).order_by("position", "sort_key"):
            below.setdefault(term.parent_id, []).append(term)
        return [(topic, below.get(topic.id, [])) for topic in below.get(None, [])]

    def ids_below(self, term: TaxonomyTerm) -> set[UUID]:
        """The term's own id and those of all terms under it, in one query."""
        children: dict[UUID | None, list[UUID]] = {}
        for key, parent in self.values_list("id", "parent_id"):
            children.setdefault(parent, []).append(key)
        found: set[UUID] = set()
        todo = [term.id]
        while todo:
            key = todo.pop()
            if key not in found:
                found.add(key)
                todo += children.get(key, [])
        return found


class TaxonomyTerm(Identified):
    """A topic, such as "Nail cutting" below "Health and wellbeing" (HSDS ``taxonomy_term``).

    ``synonyms`` are other words for the same thing ("chiropody"); ``phrases`` are what people say
    ("I can't cut my nails"). Staff edit both; search reads both.
    """

    taxonomy = models.ForeignKey(Taxonomy, on_delete=models.CASCADE, related_name="terms")
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="children"
    )
    name = models.CharField(_("name"), max_length=255)
    slug = models.SlugField(_("short name in addresses"), max_length=100, unique=True)
    sort_key = models.CharField(max_length=200, db_index=True, editable=False)
    description = models.TextField(_("description"), blank=True)
    code = models.CharField(max_length=100, blank=True)
    term_uri = models.URLField(max_length=500, blank=True)
    synonyms = ArrayField(
        models.CharField(max_length=100),
        default=list,
        blank=True,
        verbose_name=_("other words for it"),
    )
    phrases = ArrayField(
        models.CharField(max_length=200),
        default=list,
        blank=True,
        verbose_name=_("what people say"),
    )
    is_topic = models.BooleanField(
        _("a topic to browse"),
        default=True,
        help_text=_("Shown on the topics page and as a filter."),
    )
    position = models.PositiveSmallIntegerField(_("order among its neighbours"), default=100)

    objects = TaxonomyTermQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["position", "sort_key", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="directory_term_not_its_own_parent",
                violation_error_message=_("A topic cannot stand below itself."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        from directory.models.identity import sort_key_of

        self.sort_key = sort_key_of(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("directory:topic", args=[self.slug])
