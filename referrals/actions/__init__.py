"""Things that happen to enquiries and referrals: each one transaction, with its audit event.

=============  ====================================================================================
enquiries      opening, saving, finishing; choosing services; telling about them
ending         the ends of an enquiry that write more than one thing
referring      from the desk to several organisations, with one consent step
sending        drafts, sending several with one consent, withdrawing, beginning again
moving         ``move_referral``: the one way in which a referral's state changes
answering      the receiver's word, by four ways
receiving      where organisations are told, who has room, what is told by hand
clock          reminding, telling the hub's lead, marking what is overdue
asking         ``record_answer``: the one way in which the person's word is written down
personal_links the way for somebody without an account to see their own referrals
=============  ====================================================================================
"""
