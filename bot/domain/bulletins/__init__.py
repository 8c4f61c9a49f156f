"""Reads a union's own documents: bulletins and conference motions, as they are published."""
