"""Things that happen to enquiries and referrals: each one transaction, with its audit event.

=============  ====================================================================================
enquiries      open, save, finish; pick services; tell about them
referrals      draft, send several with one consent, withdraw agreement, begin again
moving         ``move_referral``: the one way in which a referral's state changes
=============  ====================================================================================
"""
