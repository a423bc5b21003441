"""Backup and restore: the database, the files and the log of erasures in one encrypted archive."""
