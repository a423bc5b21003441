"""People and members who do not exist, for measuring: ``manage.py make_members``."""
