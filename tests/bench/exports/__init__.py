"""The shipped network in the formats of the engines it is measured against."""
