"""What volunteers give, and what they get back: hours, expenses, thanks, certificates and references.

``links``        the volunteer's pages without an account
``own``          whose pages they are, and what hours can be written down for
``telling``      that hours wait for them; thanks on their way
``rates``        dated rates that a new network begins with
``value``        what the hours given are counted as
"""
