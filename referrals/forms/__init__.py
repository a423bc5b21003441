"""The forms of the access point."""
