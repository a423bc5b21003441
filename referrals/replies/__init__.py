"""The receiving side of a referral: four ways to answer, and what is shown first.

=============  =====================================================================================
answers        what a receiver can say, and the state it leads to
tokens         links and codes, worked out from ids with the portal's key
links          issuing, finding and using up links
codes          the one-time code that opens the details
details        what a receiver may see of the person: never more than was agreed to
slips          the letter and the slip to tear off
times          how long services take to answer
=============  =====================================================================================
"""
