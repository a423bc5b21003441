"""Things that happen to people's records and their post: each one transaction, with its audit event."""
