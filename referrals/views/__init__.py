"""The pages of the access point."""
