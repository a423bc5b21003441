"""Things that happen to people's records: each one transaction, with its audit event.

=============  ====================================================================================
people         recording, changing, named contacts, consent and its withdrawal
relations      other names, ties, households, emergency contacts
safety         flags: set, looked at again, taken off
equality       answers handed in, and never out again
looking        what every page goes through that shows who may be meant
opening        a reason given for a record that is not one's own
merging        two records of one person, and taking them apart
agreements     under which people's details are shared
complaints     taken down, acknowledged and answered in time
copies         asked for, read through, let go
paper          "Post it to me"
=============  ====================================================================================
"""
