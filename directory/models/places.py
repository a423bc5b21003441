"""Where help is given, how to get in, and where a postcode is.

A confidential place (a refuge) has no address and no coordinates **in the database**: what is not
kept cannot leak. The constraints below and :mod:`directory.visibility` see to it.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models.identity import Identified
from directory.models.organisations import Organisation
from directory.models.services import Service


class Precision(models.TextChoices):
    """What a position was worked out from, from the best to the coarsest."""

    GIVEN = "given", _("the place itself")
    UNIT = "unit", _("its postcode")
    SECTOR = "sector", _("the first part of its postcode and one digit")
    OUTCODE = "outcode", _("the first part of its postcode")


class LocationQuerySet(models.QuerySet["Location"]):
    def with_public_position(self) -> LocationQuerySet:
        """Those a distance or a map may use: a distance gives a refuge away as surely as a map."""
        return self.filter(is_confidential=False, latitude__isnull=False)


class Location(Identified):
    """A place, on the ground or not (HSDS ``location``)."""

    class Kind(models.TextChoices):
        """Open Referral UK ``location_type``."""

        PHYSICAL = "physical", _("A place to go to")
        POSTAL = "postal", _("For letters only")
        VIRTUAL = "virtual", _("Online")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="locations"
    )
    location_type = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PHYSICAL)
    name = models.CharField(_("name"), max_length=255, blank=True)
    alternate_name = models.CharField(max_length=255, blank=True)
    description = models.TextField(_("about the place"), blank=True)
    transportation = models.TextField(_("getting there"), blank=True)
    url = models.URLField(max_length=500, blank=True)
    is_confidential = models.BooleanField(
        _("address is confidential"),
        default=False,
        help_text=_("A refuge. Its address and position are not kept at all."),
    )
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    precision = models.CharField(max_length=10, choices=Precision.choices, blank=True)
    source = models.CharField(max_length=100, blank=True)
    last_modified = models.DateTimeField(auto_now=True)

    objects = LocationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_confidential=False) | Q(latitude=None, longitude=None),
                name="directory_confidential_has_no_position",
                violation_error_message=_("A confidential place must not have a position."),
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="directory_location_position_on_earth",
                violation_error_message=_("Give both latitude and longitude, in degrees."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.id)


class Address(Identified):
    """How to write to a place or find it (HSDS ``address``)."""

    class Kind(models.TextChoices):
        PHYSICAL = "physical", _("Where it is")
        POSTAL = "postal", _("For letters")

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="addresses")
    address_type = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PHYSICAL)
    attention = models.CharField(max_length=255, blank=True)
    address_1 = models.CharField(max_length=255, blank=True)
    address_2 = models.CharField(max_length=255, blank=True)
    city = models.CharField(max_length=255, blank=True)
    region = models.CharField(max_length=255, blank=True)
    state_province = models.CharField(_("county"), max_length=255, blank=True)
    postal_code = models.CharField(_("postcode"), max_length=12, blank=True)
    country = models.CharField(max_length=2, default="GB")

    class Meta:
        verbose_name_plural = _("addresses")
        ordering = ["address_type", "id"]

    def __str__(self) -> str:
        # Never the address itself: a log line or an error page would print it.
        return f"address {self.id}"


class ServiceAtLocation(Identified):
    """That a service is given at a place (HSDS ``service_at_location``)."""

    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="service_at_locations"
    )
    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, related_name="service_at_locations"
    )
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "location"], name="directory_service_once_at_location"
            )
        ]

    def __str__(self) -> str:
        return f"{self.service_id} at {self.location_id}"


class AccessFact(models.Model):
    """One fact about getting in or taking part: yes, no or not known. No row means not known."""

    class Kind(models.TextChoices):
        STEP_FREE = "step_free", _("No steps")
        TOILET = "toilet", _("Accessible toilet")
        HEARING_LOOP = "hearing_loop", _("Hearing loop")
        PARKING = "parking", _("Blue Badge parking")
        BUS = "bus", _("Bus stop close by")
        QUIET_TIMES = "quiet_times", _("Quiet times")
        BSL = "bsl", _("British Sign Language")
        LIFT = "lift", _("Lift")

    class Value(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")
        NOT_KNOWN = "not_known", _("Not known: ask")

    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, null=True, blank=True, related_name="access_facts"
    )
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, null=True, blank=True, related_name="access_facts"
    )
    kind = models.CharField(max_length=15, choices=Kind.choices)
    value = models.CharField(max_length=10, choices=Value.choices, default=Value.NOT_KNOWN)
    note = models.CharField(max_length=200, blank=True)
    checked_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(location__isnull=False, service__isnull=True)
                | Q(location__isnull=True, service__isnull=False),
                name="directory_access_fact_one_owner",
            ),
            models.UniqueConstraint(
                fields=["location", "kind"],
                condition=Q(location__isnull=False),
                name="directory_access_fact_once_a_location",
            ),
            models.UniqueConstraint(
                fields=["service", "kind"],
                condition=Q(service__isnull=False),
                name="directory_access_fact_once_a_service",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_value_display()}"


class Ward(models.Model):
    """An electoral ward by its ONS code: the smallest area that figures are given for.

    Loaded with the postcodes. A ward whose name is in no file that was loaded has none.
    """

    code = models.CharField(max_length=9, primary_key=True)
    name = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = _("ward")
        verbose_name_plural = _("wards")
        ordering = ["name", "code"]

    def __str__(self) -> str:
        return self.name or self.code


class PostcodePlace(models.Model):
    """The centre of a postcode, a sector or an outcode: ``DL3 7XX``, ``DL3 7``, ``DL3``.

    Loaded by ``import_postcodes``; the sectors of the area ship with the project as figures.
    ``area_code`` (a unit's local authority, GSS code) decides residency: never the prefix.
    ``ward_code`` is for counting only, so a sector may have one: the ward in which most of its
    units lie (:func:`directory.wards.ward_of`).
    """

    class Level(models.TextChoices):
        UNIT = "unit"
        SECTOR = "sector"
        OUTCODE = "outcode"

    code = models.CharField(max_length=8, primary_key=True)
    level = models.CharField(max_length=8, choices=Level.choices, db_index=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    area_code = models.CharField(max_length=9, blank=True)
    ward_code = models.CharField(max_length=9, blank=True)
    units = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("How many unit postcodes the centre was made from.")
    )
    source = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(area_code="") | Q(level="unit"),
                name="directory_only_units_have_an_area",
                violation_error_message=_("A sector can lie in two areas: only a unit has one."),
            ),
            models.CheckConstraint(
                condition=Q(ward_code="") | ~Q(level="outcode"),
                name="directory_no_ward_for_an_outcode",
                violation_error_message=_("An outcode lies in many wards."),
            ),
        ]

    def __str__(self) -> str:
        return self.code
