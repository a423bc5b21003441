"""Pages of hours, expenses, thanks and what is printed."""
