"""Fixtures of this room."""
