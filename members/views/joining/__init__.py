"""Joining: online, at the desk, by a code, and "My membership"."""
