"""The receiving side of a referral: four ways to answer, and who is told.

=============  =====================================================================================
answers        what a receiver can say, and the state it leads to
tokens         links and codes, worked out from ids with the portal's key
links          issuing, finding and using up links; the one-time code that opens the details
details        what a receiver may see of the person: never more than was agreed to
times          how long services take to answer
=============  =====================================================================================
"""
