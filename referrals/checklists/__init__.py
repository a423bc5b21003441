"""The First Contact checklist: a short yes/no list that any partner's visitor works through.

=============  ====================================================================================
questions      editing the list: a draft that becomes the next edition
starter        the list that a new network begins with
visits         entering a visit, its answers, what is chosen
proposals      which services each yes proposes
figures        how many referrals follow from a checklist
paper          the twin on paper, in large print
=============  ====================================================================================

The tables are in ``referrals.models.checklist``; ``views`` is the desk, ``views_questions`` the hub lead's.
"""
