"""Which text it is: lines of ink, read by one network that knows of no cuts between characters."""
