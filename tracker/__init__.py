"""Footfall's core: what an event is, how it is kept, and who may see it."""

__version__ = "0.1.0"
