"""What crosses to the page."""

# What becomes a record of JavaScript: made of dicts, lists, numbers, strings and numpy arrays.
Record = dict[str, object]
