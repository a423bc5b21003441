"""Employers and colleges whose people volunteer in work or study time: accounts, groups, places on a day."""
