"""Somebody known to the network."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from directory.models import Organisation
from directory.models.identity import sort_key_of


class AgeBand(models.TextChoices):
    """Bands that neither overlap nor leave a gap."""

    UNDER_18 = "under_18", _("Under 18")
    FROM_18 = "18_34", _("18 to 34")
    FROM_35 = "35_49", _("35 to 49")
    FROM_50 = "50_64", _("50 to 64")
    FROM_65 = "65_79", _("65 to 79")
    FROM_80 = "80_plus", _("80 or over")


# The first birthday that no longer belongs to the band.
_BANDS_END = ((18, AgeBand.UNDER_18), (35, AgeBand.FROM_18), (50, AgeBand.FROM_35),
              (65, AgeBand.FROM_50), (80, AgeBand.FROM_65))  # fmt: skip


def age_on(born: date, day: date) -> int:
    """Full years. Somebody born on 29 February has their birthday on 1 March in a common year,
    which is how English law counts."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def band_of(age: int) -> AgeBand:
    for end, band in _BANDS_END:
        if age < end:
            return band
    return AgeBand.FROM_80


class ContactBy(models.TextChoices):
    """How somebody would rather be reached. Never more than one is tried without asking."""

    POST = "post", _("Letter")
    PHONE = "phone", _("Phone call")
    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")
    NOT_AT_ALL = "none", _("Please do not contact me")


class Format(models.TextChoices):
    """How somebody needs information (Accessible Information Standard, DCB1605)."""

    PRINT_14 = "print_14", _("Clear print, 14 point")
    PRINT_18 = "print_18", _("Large print, 18 point")
    PRINT_24 = "print_24", _("Giant print, 24 point")
    EASY_READ = "easy_read", _("Easy Read")
    BSL = "bsl", _("British Sign Language")
    INTERPRETER = "interpreter", _("An interpreter")
    PHONE_ONLY = "phone_only", _("By phone only: cannot read print")


PRINT_FORMATS = (Format.PRINT_14, Format.PRINT_18, Format.PRINT_24)


class Answer(models.TextChoices):
    """A yes or a no; empty when nobody asked or they would rather not say."""

    YES = "yes", _("Yes")
    NO = "no", _("No")


# Blanked at an erasure; ``formats``, the date of birth and what points elsewhere besides.
_WORDS = (
    "given_name",
    "family_name",
    "known_as",
    "sort_key",
    "age_band",
    "address_1",
    "address_2",
    "town",
    "postcode",
    "phone",
    "other_phone",
    "email",
    "contact_by",
    "safe_contact_note",
    "interpreter_language",
    "lives_alone",
    "is_carer",
)
# What points from a person to somebody or something else: emptied at an erasure too.
_POINTERS = ("date_of_birth", "user", "household", "coordinator")


class PersonQuerySet(models.QuerySet["Person"]):
    def known(self) -> PersonQuerySet:
        """Neither erased nor merged into another record."""
        return self.filter(erased_at=None, merged_at=None)

    def visible_to(self, user: Any) -> PersonQuerySet:
        """Those whom ``user`` may see: everybody for a role of the whole network, else those of the
        access points where they work. Erased people are seen by nobody."""
        scope = scope_of_permission(user, Permission.PERSON_VIEW)
        found = self.filter(erased_at=None)
        if scope.network:
            return found
        return found.filter(organisation_id__in=scope.organisations)


class Person(models.Model):
    """Somebody whom the network helps or knows. Most never sign in.

    ``organisation`` is the access point that keeps the record and answers for it. After an erasure
    the row stays, empty, so that what the law wants kept (a consent, a count) still has its place.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="people",
        verbose_name=_("access point"),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("sign-in"),
    )
    given_name = models.CharField(_("first name"), max_length=100, blank=True)
    family_name = models.CharField(_("last name"), max_length=100, blank=True)
    known_as = models.CharField(_("likes to be called"), max_length=100, blank=True)
    sort_key = models.CharField(max_length=200, blank=True, editable=False, db_index=True)
    date_of_birth = models.DateField(_("date of birth"), null=True, blank=True)
    age_band = models.CharField(_("age"), max_length=10, choices=AgeBand.choices, blank=True)

    address_1 = models.CharField(_("address line 1"), max_length=150, blank=True)
    address_2 = models.CharField(_("address line 2"), max_length=150, blank=True)
    town = models.CharField(_("town"), max_length=100, blank=True)
    postcode = models.CharField(_("postcode"), max_length=8, blank=True)
    phone = models.CharField(_("phone number"), max_length=40, blank=True)
    other_phone = models.CharField(_("another phone number"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)

    contact_by = models.CharField(
        _("would rather be reached by"), max_length=5, choices=ContactBy.choices, blank=True
    )
    safe_contact_note = models.CharField(
        _("before you contact them"),
        max_length=300,
        blank=True,
        help_text=_("For example: do not leave messages; ring in the morning only."),
    )
    formats = ArrayField(
        models.CharField(max_length=12, choices=Format.choices),
        default=list,
        blank=True,
        verbose_name=_("needs information as"),
    )
    interpreter_language = models.CharField(_("language"), max_length=60, blank=True)

    household = models.ForeignKey(
        "members.Household",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("household"),
    )
    lives_alone = models.CharField(
        _("lives alone"), max_length=3, choices=Answer.choices, blank=True
    )
    # Of anybody, known to the network or not; whom they care for is a Relationship.
    is_carer = models.CharField(
        _("looks after somebody without being paid"),
        max_length=3,
        choices=Answer.choices,
        blank=True,
    )
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("named contact"),
    )

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(auto_now=True)
    merged_at = models.DateTimeField(null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PersonQuerySet.as_manager()

    WORDS = _WORDS
    POINTERS = _POINTERS

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_key", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(given_name="", family_name="", known_as="")
                | Q(erased_at__isnull=False),
                name="members_person_has_a_name",
                violation_error_message=_("Enter a name."),
            ),
            models.CheckConstraint(
                condition=Q(date_of_birth=None) | Q(age_band=""),
                name="members_person_birth_or_band",
                violation_error_message=_(
                    "Give the date of birth or the age, not both: they could contradict each other."
                ),
            ),
            models.CheckConstraint(
                condition=Q(interpreter_language="") | Q(formats__contains=["interpreter"]),
                name="members_person_language_with_interpreter",
                violation_error_message=_("Tick “An interpreter” as well as giving the language."),
            ),
            models.CheckConstraint(
                condition=~Q(contact_by="email") | ~Q(email=""),
                name="members_person_email_when_wanted",
                violation_error_message=_(
                    "Enter the e-mail address they would like to be reached at."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(contact_by__in=["phone", "sms"]) | ~Q(phone=""),
                name="members_person_phone_when_wanted",
                violation_error_message=_(
                    "Enter the phone number they would like to be reached at."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(contact_by="post") | (~Q(address_1="") & ~Q(postcode="")),
                name="members_person_address_when_wanted",
                violation_error_message=_("Enter the address they would like letters sent to."),
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None)
                | Q(**dict.fromkeys(_WORDS, ""), **dict.fromkeys(_POINTERS), formats=[]),
                name="members_person_erased_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(lives_alone__in=["", "no"]) | Q(household=None),
                name="members_person_alone_or_with_others",
                violation_error_message=_(
                    "Their record says whom they live with: they cannot live alone as well."
                ),
            ),
        ]

    def __str__(self) -> str:
        # Never the name: a log line or an error page would print it.
        return f"person {self.id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.erased_at is None:
            self.sort_key = sort_key_of(f"{self.family_name or self.known_as} {self.given_name}")
        fields = kwargs.get("update_fields")
        if fields is not None and {"family_name", "given_name", "known_as"} & set(fields):
            kwargs["update_fields"] = {*fields, "sort_key"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("members:person", args=[self.id])

    @property
    def name(self) -> str:
        """As it is written on an envelope."""
        return (
            " ".join(part for part in (self.given_name, self.family_name) if part) or self.known_as
        )

    @property
    def greeting(self) -> str:
        """What they like to be called."""
        return self.known_as or self.given_name or self.name

    @property
    def address_lines(self) -> list[str]:
        """Below the name on an envelope; the postcode on a line of its own, as Royal Mail asks."""
        lines = (self.address_1, self.address_2, self.town, self.postcode)
        return [line for line in lines if line]

    def age_band_on(self, day: date) -> AgeBand | None:
        """Their age in the words of the bands, from whichever of the two is known."""
        if self.date_of_birth is not None:
            return band_of(age_on(self.date_of_birth, day))
        return AgeBand(self.age_band) if self.age_band else None

    @property
    def print_size(self) -> int | None:
        """The size of print they need, in points, when they said one; the largest of several."""
        sizes = [int(f.split("_")[1]) for f in self.formats if f in PRINT_FORMATS]
        return max(sizes, default=None)
