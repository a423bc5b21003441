"""What happens to people that an app above may have to act on.

Declared here and connected above, in ``apps.ready()``: imports point down only. Sent inside the
transaction of the change, so that a receiver that fails takes the change back with it.
"""

from __future__ import annotations

from django.dispatch import Signal

# Sent with ``withdrawal`` (the Consent that takes one back) and ``by`` (the user who wrote it down).
consent_withdrawn = Signal()
# Sent with ``membership`` when it has got a term, or somebody to share it: all of them need a card.
membership_extended = Signal()
