"""Rotas: the week of a role at the desk and on paper, "My shifts", reminders, the calendar's address."""
