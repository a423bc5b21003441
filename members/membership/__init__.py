"""Joining, renewing and what a member has: plans, terms and what follows from dates."""
