"""How often a public form may be sent, without shutting out readers who share one address."""
