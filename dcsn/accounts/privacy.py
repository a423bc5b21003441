"""What the accounts' tables hold. An account is a worker's or member's, not a Person's record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.privacy import Basis, Kept, classified

FIELDS = {
    "accounts.User": classified(
        Kept(_("while the account exists; deactivated accounts until they are deleted by hand")),
        personal="id password last_login email name date_joined groups user_permissions",
        safe="is_superuser is_active",
        basis=Basis.WORK,
    ),
    "accounts.Invitation": classified(
        Kept(_("90 days after it was accepted, withdrawn or ran out"), days=90),
        personal="email token_hash created_by accepted_by",
        safe="id roles organisation_id created_at expires_at accepted_at withdrawn_at",
        basis=Basis.WORK,
    ),
}
