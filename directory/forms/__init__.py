"""The directory's forms; a file per noun."""
