"""How properties are tried: without a limit of time for each example, which on a busy machine passes by chance."""

from hypothesis import settings

settings.register_profile("patient", settings(), deadline=None)
settings.load_profile("patient")
