"""The pages about people and their post."""
