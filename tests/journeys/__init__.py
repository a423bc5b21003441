"""A real browser walks through the portal as people do; every step is held against axe.

Debian's Chromium by Playwright, the portal's own server, a real database with the demonstration
network in it. ``visitor.py`` is a person at a screen; ``looking.py`` is what a careful tester would
look for on any page. Written as Given, When, Then.
"""
