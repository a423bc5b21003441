"""Pages about the website itself, which an editor can change, and how pages look for one reader."""
