"""Invented visitors of an invented shop, so that a newcomer sees what the reports will show.

All of it is made up from a seed, marked by the site's `sample`, and goes the way of real data.
"""

from tracker.sample.making import create_sample, sample_footprints

__all__ = ["create_sample", "sample_footprints"]
