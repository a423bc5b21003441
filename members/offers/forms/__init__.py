"""What people type about shops and offers."""
