"""A made-up network to try the portal out with: see README.md. Read by :mod:`.network`."""
