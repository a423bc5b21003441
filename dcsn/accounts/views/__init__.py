"""Pages of the accounts app: one's own account, invitations, and the administrator's list of people."""
