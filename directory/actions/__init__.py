"""Things that happen in the directory: each in one transaction, with its audit record."""
