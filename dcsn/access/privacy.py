"""What the table of roles holds: who may do what, and who gave it to them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.privacy import Basis, Kept, classified

FIELDS = {
    "access.RoleAssignment": classified(
        Kept(_("as long as the account, so that it can be told who could see what, and when")),
        personal="user granted_by ended_by",
        safe="id role organisation_id granted_at ended_at",
        basis=Basis.WORK,
    ),
}
