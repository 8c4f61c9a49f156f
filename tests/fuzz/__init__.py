"""Hostile input for every parser and every command; `python -m tests.fuzz --help`."""
