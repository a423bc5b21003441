"""The discount card: its number, its paper, and what a till is told.

``number``      ten digits, two of them for checking
``actions``     ``card_for``, ``request_card`` and every other change of a card
``validity``    until when a card is good
``tags``        the proof in the QR code that we made it; keys have versions
``answer``      what a till is told: VALID UNTIL a month, or NOT VALID
``paper``       the card itself, one to a page or ten on a sheet
"""
