"""Kills the product at chosen moments, over and over, and counts what is lost or doubled: `make torture`."""
