"""Letters to members: welcome, time to renew, run out.

``due``       who is due one, and in which way it reaches them
``wording``   what it says: the same for paid and free
``actions``   making a run, printing, posting, e-mails; each letter once
``pages``     the PDF, in shards, by a job
"""
