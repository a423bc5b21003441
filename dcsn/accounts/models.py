"""Who can sign in, and who has been invited to."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access.roles import GIVEN_ROLES, Role

INVITATION_LASTS = timedelta(days=7)


class UserQuerySet(models.QuerySet["User"]):
    def matching(self, words: str) -> UserQuerySet:
        """Whose name or e-mail address contains every word."""
        found = self
        for word in words.replace("\0", "").split():
            found = found.filter(models.Q(name__icontains=word) | models.Q(email__icontains=word))
        return found

    def for_accounts_list(self) -> UserQuerySet:
        """The administrator's list: with ``roles_now`` and ``has_second_factor``, three queries in all."""
        from allauth.mfa.models import Authenticator  # allauth's models need ours first

        from dcsn.access.models import RoleAssignment

        return (
            self.annotate(
                has_second_factor=models.Exists(
                    Authenticator.objects.filter(
                        user=models.OuterRef("pk"), type=Authenticator.Type.TOTP
                    )
                )
            )
            .prefetch_related(
                models.Prefetch(
                    "role_assignments",
                    queryset=RoleAssignment.objects.current().order_by("granted_at"),
                    to_attr="roles_now",
                )
            )
            .order_by("-is_active", Lower("name"), "email")
        )


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who can sign in. Most people the network helps never do: they are a Person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email_unique",
                violation_error_message=_("Somebody with this e-mail address can sign in already."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        """Could still be accepted."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())

    def waiting(self) -> InvitationQuerySet:
        """Neither accepted nor withdrawn, expired ones too: what an administrator has to look after."""
        return self.filter(accepted_at=None, withdrawn_at=None).order_by("expires_at")

    def with_token(self, token: str) -> InvitationQuerySet:
        return self.filter(token_hash=hash_of(token))


def hash_of(token: str) -> str:
    """What is stored of an invitation's token. The token has 256 random bits, so that no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    return secrets.token_urlsafe(32)


def invitation_expiry() -> Any:
    return timezone.now() + INVITATION_LASTS


class Invitation(models.Model):
    """Somebody is asked to work here: one use, for a week, to one e-mail address.

    Only the token's hash is kept, so that a copy of the database does not let anybody in.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254)
    roles = ArrayField(models.CharField(max_length=40), verbose_name=_("roles"))
    organisation_id = models.UUIDField(_("organisation"), null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("sent"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        User,
        verbose_name=_("sent by"),
        help_text=_("Empty when the portal's own command sent it."),
        related_name="+",
        null=True,
        on_delete=models.SET_NULL,
        editable=False,
    )
    expires_at = models.DateTimeField(_("good until"), default=invitation_expiry, editable=False)
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    accepted_by = models.ForeignKey(
        User, related_name="+", null=True, on_delete=models.SET_NULL, editable=False
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="accounts_invitation_one_waiting",
                violation_error_message=_("An invitation to this address is on its way already."),
            ),
            models.CheckConstraint(
                condition=models.Q(roles__len__gt=0),
                name="accounts_invitation_has_roles",
                violation_error_message=_("Choose at least one role."),
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(withdrawn_at=None),
                name="accounts_invitation_one_end",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_by=None) | models.Q(accepted_at__isnull=False),
                name="accounts_invitation_accepted_by_needs_accepted_at",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def definitions(self) -> list[Role]:
        return [GIVEN_ROLES[code] for code in self.roles]

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and not self.is_expired

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()
