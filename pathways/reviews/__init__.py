"""Looking together at how it goes: when a review is due, and what it found."""
