"""What is typed about a volunteer: by staff, and by themself."""
