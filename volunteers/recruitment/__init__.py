"""Who comes to volunteer, who stays and what stands in the way: figures, beside those of the 2011 study."""
