"""The kernel's own tables of this app, and the tables of libraries."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.privacy.classification import AS_LONG_AS_THE_PORTAL, Basis, Kept, classified
from dcsn.privacy.holds import export_holds
from dcsn.privacy.models import LegalHold
from dcsn.privacy.registry import PersonLink, delete_rows, register

FOR_EVER = Kept(_("for good: it is what keeps an erased person erased; ids only"))
WHILE_ACCOUNT = Kept(_("while the account exists"))
A_SESSION = Kept(_("12 hours, or until signed out"))

FIELDS = {
    "privacy.Erasure": classified(
        FOR_EVER,
        personal="subject erased_by",
        safe="id erased_at reason reapplied_at",
        basis=Basis.LEGAL_DUTY,
    ),
    "privacy.PersonAlias": classified(
        Kept(_("while either record exists")),
        personal="old_id current_id moved merged_by undone_by",
        safe="id merged_at undone_at",
        basis=Basis.LEGAL_DUTY,
    ),
    "privacy.LegalHold": classified(
        Kept(_("until the person is erased, which it forbids while it stands")),
        personal="subject placed_by lifted_by",
        # A claim, the police or a safeguarding inquiry may concern offences or health.
        special="reason note lifted_why",
        safe="id review_on placed_at lifted_at",
        basis=Basis.LEGAL_DUTY,
    ),
    "privacy.RetentionRun": classified(
        AS_LONG_AS_THE_PORTAL,
        personal="started_by",
        safe="id key started_at finished_at counts",
        basis=Basis.LEGAL_DUTY,
    ),
    # --- tables of libraries ---
    "auth.Permission": classified(AS_LONG_AS_THE_PORTAL, safe="id name content_type codename"),
    "auth.Group": classified(AS_LONG_AS_THE_PORTAL, safe="id name permissions"),
    "contenttypes.ContentType": classified(AS_LONG_AS_THE_PORTAL, safe="id app_label model"),
    # A visitor's own list of services lives in it, which may say something about their health.
    "sessions.Session": classified(
        A_SESSION,
        personal="session_key",
        special="session_data",
        safe="expire_date",
        basis=Basis.WORK,
    ),
    "account.EmailAddress": classified(
        WHILE_ACCOUNT,
        personal="user email",
        safe="id verified primary",
        basis=Basis.WORK,
    ),
    "account.EmailConfirmation": classified(
        Kept(_("3 days"), days=3),
        personal="email_address key",
        safe="id created sent",
        basis=Basis.WORK,
    ),
    "mfa.Authenticator": classified(
        WHILE_ACCOUNT,
        personal="user data",
        safe="id type created_at last_used_at",
        basis=Basis.WORK,
    ),
    "usersessions.UserSession": classified(
        A_SESSION,
        personal="user ip session_key user_agent data",
        safe="id created_at last_seen_at",
        basis=Basis.WORK,
    ),
}

register(
    LegalHold,
    PersonLink(
        heading=_("Legal holds"),
        export=export_holds,
        # None stands at an erasure; those that were lifted go.
        erase=delete_rows(LegalHold, "subject"),
        # A merge leaves them: they are found through the alias.
        left_out_of_copy=True,
    ),
)
