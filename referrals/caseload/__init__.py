"""A whole network's work over two years, invented: for measuring, and for trying large lists out.

``manage.py make_caseload`` writes it. Refused where the portal is not a demonstration.

=============  ====================================================================================
words          names, streets and what people say, all made up
people         who there is
lives          what becomes of one referral: its steps, reminders, follow-ups
ledger         a case in the past with everything that hangs on it
making         puts them together and writes them
copying        rows into PostgreSQL by COPY, with the models' own defaults
=============  ====================================================================================
"""
