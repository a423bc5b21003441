"""What the audit trail calls the things that happen to cards. Never with a card's number."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.audit import EventType, OnErasure, register

_CARD = {"card": OnErasure.DROP}
_WHAT = {
    "lost": _("lost"),
    "stolen": _("stolen"),
    "damaged": _("damaged"),
}
CARD_REQUESTED = register(
    EventType("card:requested", sentence=_("%(actor)s asked for a card for them"), details=_CARD)
)
CARD_PRINT_AGAIN = register(
    EventType(
        "card:print_again",
        sentence=_("%(actor)s asked for the same card to be printed again"),
        details=_CARD,
    )
)
CARD_FETCHED = register(
    EventType(
        "card:fetched",
        sentence=_("%(actor)s opened their card to print it"),
        details=_CARD,
        reading=True,
    )
)
CARD_PRINTED = register(
    EventType("card:printed", sentence=_("%(actor)s printed their card"), details=_CARD)
)
CARD_PRINT_FAILED = register(
    EventType(
        "card:print_failed",
        sentence=_("%(actor)s noted that their card did not print well"),
        details=_CARD,
    )
)
CARD_ISSUED = register(
    EventType("card:issued", sentence=_("%(actor)s handed over their card"), details=_CARD)
)
CARD_REPORTED = register(
    EventType(
        "card:reported",
        sentence=_("%(actor)s noted that their card is %(what)s"),
        labels={"what": _WHAT},
        details={**_CARD, "what": OnErasure.KEEP},
    )
)
CARD_REPLACED = register(
    EventType(
        "card:replaced",
        sentence=_("%(actor)s asked for a new card in place of the old one"),
        details={**_CARD, "by": OnErasure.DROP},
    )
)
CARD_REVOKED = register(
    EventType("card:revoked", sentence=_("%(actor)s took back their card"), details=_CARD)
)
CARDS_LISTED = register(
    EventType(
        "card:listed",
        sentence=_("%(actor)s looked at the list of cards to be printed"),
        details={"people": OnErasure.DROP},
        reading=True,
    )
)
CARD_VIEWED = register(
    EventType(
        "card:viewed", sentence=_("%(actor)s looked at their card"), details=_CARD, reading=True
    )
)
