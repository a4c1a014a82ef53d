"""Which character it is."""
