"""Copying a whole database to another one, of the same kind or of the other: rows, what fits, how both are compared."""
