"""Plans: what one can join, at what price from which day. For the membership officer."""
