"""Safeguarding concerns: raised from any case screen, seen by the named few, never told to anybody else.

=============  ====================================================================================
raising        from which record, by whom, once
deciding       looking, passing to the council, settling: each step a row with its reason
telling        e-mails that say only "please look", and who is told when nobody does
letter         what goes to the council, on paper
=============  ====================================================================================

The tables are in ``referrals.models.concern``, the pages in ``views``.
"""
