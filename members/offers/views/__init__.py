"""The pages of shops and offers."""
