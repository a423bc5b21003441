"""Becoming and being a volunteer: at the desk (checks, standing, what is known), and one's own page."""
