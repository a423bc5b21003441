"""Taking money: at the desk, by card online, or pretended for trying the portal out.

``desk``        cash, cheque, card terminal: receipts without a gap, banking by two people
``online``      by card, at a provider: begin, ask how it stands, write down what follows
``settling``    what follows when a payment is made: the journal and the term
``providers``   the interface to whoever takes cards online, and its adapters

For other parts: ``begin_online`` and ``take``.
"""

from members.payments.desk import take_at_desk as take
from members.payments.online import begin_online

__all__ = ["begin_online", "take"]
