"""The roll of members: the list, the search and the file for the officer."""
