"""Pages of budgets: reckoned by oneself, on a pathway, agreed, spent, and taken out for the accounts."""
