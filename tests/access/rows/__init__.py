"""The access matrix, a module for each app. ``tests.access.matrix`` puts it together."""
