"""What editors of the directory type."""
