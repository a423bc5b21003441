"""A neighbour is helped, as people meet it: asking, the board of whoever looks, offers and their answers,
the visit and its sheet. What happens is in ``volunteers.actions``; this only asks, shows and tells."""
