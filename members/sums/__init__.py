"""Whether the membership pays for itself: what is, what was, and what might be.

``arithmetic``  income of a year and a forecast, in exact pence; pure functions
``study``       the study's own sums, right and as printed
``counting``    the tables from the database
``assumptions`` what the forecast assumes, read from the address
"""
