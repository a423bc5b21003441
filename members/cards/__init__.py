"""The discount card: its number, its paper, and what a till is told."""
