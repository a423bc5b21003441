"""Cards on screen: at the desk, in the member's own page, and at a shop's till."""
