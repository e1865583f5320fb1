"""What people may be, and what keys may be for."""

ROLES = ("viewer", "editor", "admin")  # each may do what those before it may
SCOPES = ("read", "ingest", "change", "people", "erase")
