"""A link or a typed code with which a person, and nobody else, opens a page of their own."""

from __future__ import annotations

import hmac
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from dcsn.references import SPOKEN
from referrals.models.follow_up import FollowUp

CODE_LENGTH = 12  # 22 letters: 53 bits, and the tries are counted
TRIES_AT_MOST = 5


class PersonalLinkQuerySet(models.QuerySet["PersonalLink"]):
    def with_code(self, typed: str) -> PersonalLinkQuerySet:
        """The one whose code this is, however it was written; still to be asked whether it is usable."""
        return self.filter(code_hash=hash_of(typed))

    def long_over(self, now: datetime) -> PersonalLinkQuerySet:
        return self.filter(expires_at__lt=now - timedelta(days=30))

    def usable(self, now: datetime) -> PersonalLinkQuerySet:
        return self.filter(
            expires_at__gt=now, ended_at=None, person__erased_at=None, tries__lt=TRIES_AT_MOST
        )


class PersonalLink(models.Model):
    """What a letter or a message carries, so that somebody without an account can answer or look.

    The code is a signature over the row's id by the portal's key: it can be printed again without being
    stored, cannot be worked out from the database alone, and can be typed. *Answer*: to answer one
    question, once. *Mine*: to see one's own referrals; opens only together with a number that was told
    to the person, never written beside it.
    """

    class Kind(models.TextChoices):
        ANSWER = "answer", _("to answer whether they got help")
        MINE = "mine", _("to see their own referrals")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    person = models.ForeignKey(
        "members.Person", on_delete=models.CASCADE, related_name="personal_links"
    )
    follow_up = models.ForeignKey(
        FollowUp, on_delete=models.CASCADE, null=True, blank=True, related_name="links"
    )
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    number_hash = models.CharField(max_length=64, blank=True, editable=False)
    # Wrong numbers so far; after five the link is dead.
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    expires_at = models.DateTimeField()
    # Answered, or taken back.
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PersonalLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("personal link")
        verbose_name_plural = _("personal links")
        ordering = ["-made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="answer", follow_up__isnull=False, number_hash="")
                | Q(kind="mine", follow_up=None) & ~Q(number_hash=""),
                name="referrals_link_for_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("made_at")),
                name="referrals_link_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"personal link {self.id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.code_hash:
            self.code_hash = hash_of(self.code)
        super().save(*args, **kwargs)

    @property
    def code(self) -> str:
        """Such as "KM3F-A7XT-9CDE": letters and figures that are not mixed up when read aloud."""
        number = int.from_bytes(_signature("code", str(self.id)), "big")
        letters = []
        for _place in range(CODE_LENGTH):
            number, rest = divmod(number, len(SPOKEN))
            letters.append(SPOKEN[rest])
        whole = "".join(letters)
        return "-".join(whole[at : at + 4] for at in range(0, CODE_LENGTH, 4))

    def set_number(self, number: str) -> None:
        self.number_hash = self._number_hash(number)

    def number_is(self, typed: str) -> bool:
        digits = "".join(letter for letter in typed if letter.isdigit())
        return hmac.compare_digest(self.number_hash, self._number_hash(digits))

    def _number_hash(self, number: str) -> str:
        return _signature("number", f"{self.id}:{number}").hex()


def plain_code(typed: str) -> str:
    """What was typed, without what does not matter: spaces, hyphens, small letters."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def hash_of(code: str) -> str:
    return _signature("hash", plain_code(code)).hex()


def _signature(purpose: str, value: str) -> bytes:
    return salted_hmac(f"referrals.personal-link.{purpose}", value, algorithm="sha256").digest()
