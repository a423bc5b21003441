"""The directory's pages; a file per noun."""
