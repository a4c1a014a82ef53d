"""Which text it is: lines of ink, read by one network that knows of no cuts between characters."""

from .places import Character
from .reader import TextReader
from .readings import Reading, Text, Word

__all__ = ["Character", "Reading", "Text", "TextReader", "Word"]
