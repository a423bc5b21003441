"""Pages of rotas: the desk, the volunteer's own, and the calendar."""
