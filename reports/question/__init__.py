"""Questions that developers put together: measures by dimensions, filtered, in order, page by page.

The grammar is that of version 2 of Plausible's Stats API, whose names are taken beside our own.
Numbers are those of the reports: the same measures over the same rows.
"""
