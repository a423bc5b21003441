"""The pages of a plan, a file for each kind of thing that is done with it."""
