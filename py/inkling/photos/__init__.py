"""Which of ten things a photograph shows."""
