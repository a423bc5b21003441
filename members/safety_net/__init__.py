"""The safety net: nobody is kept out for want of money.

``actions``   ask, grant (a simple check by who saw it, or a lead's decision: the term comes once), refuse,
              renew on a decision that still holds; ``price_of``: what a membership costs this person today
``appeals``   looked at again by two people, neither of whom refused it: appeal, propose, confirm
``reviews``   whether a decision still holds: review, end
"""
