"""Equality monitoring: voluntary answers, kept apart from the record, for counting only."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

RATHER_NOT = "rather_not"
_RATHER_NOT_SAY = (RATHER_NOT, _("Prefer not to say"))


class EqualityAnswers(models.Model):
    """What somebody answered about themselves, so that it can be counted who is reached and who is not.

    The questions are the harmonised ones of the Government Statistical Service for England, without the
    boxes to write in: what is written there would name a person in a town of this size. An empty answer
    is a question left out; "prefer not to say" is an answer of its own.

    Nobody who works with the person sees it. There is no way from a person to their answers
    (``related_name="+"``), no page that shows them, and the form always opens empty; a test holds the
    code to that (``tests/members/test_equality.py``). The person gets them in the copy of everything.
    """

    class Sex(models.TextChoices):
        FEMALE = "female", _("Female")
        MALE = "male", _("Male")
        RATHER_NOT = _RATHER_NOT_SAY

    class GenderIsSame(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")
        RATHER_NOT = _RATHER_NOT_SAY

    class EthnicGroup(models.TextChoices):
        WHITE_BRITISH = (
            "white_british",
            _("White: English, Welsh, Scottish, Northern Irish or British"),
        )
        WHITE_IRISH = "white_irish", _("White: Irish")
        WHITE_TRAVELLER = "white_traveller", _("White: Gypsy or Irish Traveller")
        WHITE_ROMA = "white_roma", _("White: Roma")
        WHITE_OTHER = "white_other", _("Any other White background")
        MIXED_CARIBBEAN = "mixed_caribbean", _("Mixed: White and Black Caribbean")
        MIXED_AFRICAN = "mixed_african", _("Mixed: White and Black African")
        MIXED_ASIAN = "mixed_asian", _("Mixed: White and Asian")
        MIXED_OTHER = "mixed_other", _("Any other Mixed or Multiple background")
        ASIAN_INDIAN = "asian_indian", _("Asian or Asian British: Indian")
        ASIAN_PAKISTANI = "asian_pakistani", _("Asian or Asian British: Pakistani")
        ASIAN_BANGLADESHI = "asian_bangladeshi", _("Asian or Asian British: Bangladeshi")
        ASIAN_CHINESE = "asian_chinese", _("Asian or Asian British: Chinese")
        ASIAN_OTHER = "asian_other", _("Any other Asian background")
        BLACK_CARIBBEAN = "black_caribbean", _("Black or Black British: Caribbean")
        BLACK_AFRICAN = "black_african", _("Black or Black British: African")
        BLACK_OTHER = "black_other", _("Any other Black background")
        ARAB = "arab", _("Arab")
        OTHER = "other", _("Any other ethnic group")
        RATHER_NOT = _RATHER_NOT_SAY

    class Religion(models.TextChoices):
        NONE = "none", _("No religion")
        CHRISTIAN = "christian", _("Christian (all denominations)")
        BUDDHIST = "buddhist", _("Buddhist")
        HINDU = "hindu", _("Hindu")
        JEWISH = "jewish", _("Jewish")
        MUSLIM = "muslim", _("Muslim")
        SIKH = "sikh", _("Sikh")
        OTHER = "other", _("Any other religion")
        RATHER_NOT = _RATHER_NOT_SAY

    class Orientation(models.TextChoices):
        STRAIGHT = "straight", _("Heterosexual or straight")
        GAY = "gay", _("Gay or lesbian")
        BISEXUAL = "bisexual", _("Bisexual")
        OTHER = "other", pgettext_lazy("sexual orientation", "Other")
        RATHER_NOT = _RATHER_NOT_SAY

    class LongCondition(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")
        RATHER_NOT = _RATHER_NOT_SAY

    class Reduced(models.TextChoices):
        A_LOT = "a_lot", _("Yes, a lot")
        A_LITTLE = "a_little", _("Yes, a little")
        NOT_AT_ALL = "not_at_all", _("Not at all")
        RATHER_NOT = _RATHER_NOT_SAY

    class Partnership(models.TextChoices):
        NEVER = "never", _("Never married and never in a civil partnership")
        MARRIED = "married", _("Married")
        CIVIL = "civil", _("In a civil partnership")
        SEPARATED = "separated", _("Separated, but still married or in a civil partnership")
        ENDED = "ended", _("Divorced, or formerly in a civil partnership that was dissolved")
        WIDOWED = "widowed", _("Widowed, or the surviving partner of a civil partnership")
        RATHER_NOT = _RATHER_NOT_SAY

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(
        "members.Person", on_delete=models.CASCADE, related_name="+", editable=False
    )
    sex = models.CharField(_("What is your sex?"), max_length=10, choices=Sex.choices, blank=True)
    gender_is_same = models.CharField(
        _("Is the gender you identify with the same as your sex registered at birth?"),
        max_length=10, choices=GenderIsSame.choices, blank=True,
    )  # fmt: skip
    ethnic_group = models.CharField(
        _("What is your ethnic group?"), max_length=20, choices=EthnicGroup.choices, blank=True
    )
    religion = models.CharField(
        _("What is your religion?"), max_length=10, choices=Religion.choices, blank=True
    )
    orientation = models.CharField(
        _("Which of the following best describes your sexual orientation?"),
        max_length=10, choices=Orientation.choices, blank=True,
    )  # fmt: skip
    long_condition = models.CharField(
        _(
            "Do you have any physical or mental health conditions or illnesses lasting or expected "
            "to last 12 months or more?"
        ),
        max_length=10, choices=LongCondition.choices, blank=True,
    )  # fmt: skip
    reduced = models.CharField(
        _(
            "Do any of your conditions or illnesses reduce your ability to carry out day-to-day "
            "activities?"
        ),
        max_length=10, choices=Reduced.choices, blank=True,
    )  # fmt: skip
    partnership = models.CharField(
        _("What is your legal marital or registered civil partnership status?"),
        max_length=10, choices=Partnership.choices, blank=True,
    )  # fmt: skip
    recorded_on = models.DateField(_("handed in on"), default=timezone.localdate, editable=False)

    QUESTIONS = (
        "sex",
        "gender_is_same",
        "ethnic_group",
        "religion",
        "orientation",
        "long_condition",
        "reduced",
        "partnership",
    )

    class Meta:
        verbose_name = _("equality answers")
        verbose_name_plural = _("equality answers")

    def __str__(self) -> str:
        return f"equality answers {self.id}"
