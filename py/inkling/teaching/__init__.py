"""How a recogniser learns one person's hand."""
