"""A person's way through support: plans, goals, outcomes, reviews and budgets."""
