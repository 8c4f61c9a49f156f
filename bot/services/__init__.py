"""Use cases: one function each, which owns its transaction and returns domain objects."""
