"""Taking money: at the desk, by card online, or pretended for trying the portal out.

``desk``        cash, cheque, card terminal: receipts without a gap, banking by two people
``settling``    what follows when a payment is made: the journal and the term
``providers``   the interface to whoever takes cards online, and its adapters
"""
