"""Failures that a person can do something about."""


class BuildError(Exception):
    """Something outside this code is missing or wrong; the message says what it is and what to do."""
