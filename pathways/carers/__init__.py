"""Carers: two stages, an emergency plan, and a record that is theirs alone."""
