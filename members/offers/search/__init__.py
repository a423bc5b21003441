"""Finding offers by words, kind of shop, day and distance, with the directory's own pieces."""
