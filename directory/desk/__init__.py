"""The back office of the directory: its pages for directory editors and provider editors."""
