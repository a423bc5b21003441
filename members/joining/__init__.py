"""Joining and renewing: the same few questions online, at the desk and on paper.

``prices``      what a plan costs, in words: "£10 a year"
``forms``       the questions, each in one form that the screen, the desk and the paper are made from
``answers``     what somebody online has answered so far, in their session and nowhere else
``actions``     joining online and at the desk, renewing, each in one transaction and with one key
``codes``       gifts and shared memberships, which another takes up by a code
``paper``       the form to fill in with a pen
``savings``     "what my card saved me": the member's own note
``person_page`` the section on the person's page at the desk
"""
