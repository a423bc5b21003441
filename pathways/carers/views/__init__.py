"""Pages for carers: without an account, signed in, at the desk, and in an emergency."""
