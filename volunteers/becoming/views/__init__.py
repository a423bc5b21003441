"""Pages: at the desk, by link, and the volunteer's own."""
