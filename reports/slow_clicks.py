"""Where do clicks take so long that people wonder whether they worked?

One row is one element of a page, ranked by the visitors who waited. A click is slow when the
first thing that answered it came late, though it came. The share is of the page's views: in how
many of them it happened at least once. Read it together with its interval: of few views, little
is known.
"""

from reports.struggle.struggling import struggling

report = struggling("slow-clicks", "Slow clicks", __doc__, ("slow",), of="element")
