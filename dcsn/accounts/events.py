"""What the audit trail says about accounts. The subject is the account's user."""

from django.utils.translation import gettext_lazy as _

from dcsn.audit import EventType, OnErasure, register

SIGNED_IN = register(EventType("account:signed_in", sentence=_("%(actor)s signed in")))
PASSWORD_CHANGED = register(
    EventType("account:password_changed", sentence=_("%(actor)s changed the password"))
)
EMAIL_CHANGED = register(
    EventType("account:email_changed", sentence=_("%(actor)s changed the e-mail address"))
)
SECOND_FACTOR_SET_UP = register(
    EventType("account:second_factor_set_up", sentence=_("%(actor)s set up an authenticator app"))
)
SECOND_FACTOR_REMOVED = register(
    EventType(
        "account:second_factor_removed", sentence=_("%(actor)s removed the authenticator app")
    )
)
SECOND_FACTOR_RESET = register(
    EventType(
        "account:second_factor_reset",
        sentence=_("%(actor)s reset the second factor, so that it has to be set up again"),
    )
)
RECOVERY_CODES_MADE = register(
    EventType("account:recovery_codes_made", sentence=_("%(actor)s made new recovery codes"))
)
CODE_REFUSED = register(
    EventType(
        "account:code_refused",
        sentence=_("A wrong code was given for the account of %(actor)s"),
    )
)
SESSIONS_ENDED = register(
    EventType(
        "account:sessions_ended",
        sentence=_("%(actor)s signed the account out on %(count)s devices"),
        details={"count": OnErasure.KEEP},
    )
)
DEACTIVATED = register(EventType("account:deactivated", sentence=_("%(actor)s closed the account")))
REACTIVATED = register(
    EventType("account:reactivated", sentence=_("%(actor)s opened the account again"))
)
INVITED = register(
    EventType(
        "invitation:sent",
        sentence=_("%(actor)s sent an invitation for %(roles)s"),
        details={"roles": OnErasure.KEEP},
    )
)
INVITATION_WITHDRAWN = register(
    EventType("invitation:withdrawn", sentence=_("%(actor)s withdrew the invitation"))
)
INVITATION_ACCEPTED = register(
    EventType(
        "invitation:accepted",
        sentence=_("%(actor)s accepted the invitation"),
        details={"user": OnErasure.KEEP},
    )
)
