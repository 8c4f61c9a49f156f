"""Solidarity Bot: a Discord bot for trade-union campaigns."""

__version__ = "0.1.0"
