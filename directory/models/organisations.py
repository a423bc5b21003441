"""Who offers help."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.models.identity import Identified, PublicRecord


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def publishable(self) -> OrganisationQuerySet:
        """Those that the public may read about."""
        return self.filter(published=True)


class Organisation(PublicRecord):
    """A charity, club, council team or business that offers services (HSDS ``organization``)."""

    description = models.TextField(_("description"), blank=True, help_text=_("Markdown"))
    email = models.EmailField(_("e-mail address"), blank=True)
    url = models.URLField(_("website"), max_length=500, blank=True)
    legal_status = models.CharField(_("legal status"), max_length=100, blank=True)
    year_incorporated = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="branches"
    )
    is_access_point = models.BooleanField(
        _("takes enquiries for the network"),
        default=False,
        help_text=_("An access point: a desk where people can ask about any help."),
    )
    published = models.BooleanField(_("shown to the public"), default=True)
    source = models.CharField(
        _("came from"), max_length=100, blank=True, help_text=_("The import that made it, if any.")
    )
    last_modified = models.DateTimeField(_("last changed"), auto_now=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["sort_key", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="directory_organisation_has_name",
                violation_error_message=_("Give the organisation's name."),
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("directory:organisation", args=[self.slug, self.short_id])


class OrganisationIdentifier(Identified):
    """A register's number: ``GB-CHC`` a charity, ``GB-COH`` a company (org-id.guide)."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="identifiers"
    )
    identifier_scheme = models.CharField(max_length=50, blank=True)
    identifier_type = models.CharField(max_length=100)
    identifier = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "identifier_type", "identifier"],
                name="directory_identifier_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.identifier_type} {self.identifier}"
