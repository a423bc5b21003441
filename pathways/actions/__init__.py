"""What happens on a pathway: each in one transaction, with its audit, and ``by`` whom."""
