"""Where do people swipe and nothing moves?

One row is one element of a page, ranked by the visitors who drew a finger over it and saw
neither the page scroll nor anything change. It often looks like a gallery and is none. The share
is of the page's views: in how many of them it happened at least once.
"""

from reports.struggle.struggling import struggling

report = struggling("dead-swipes", "Dead swipes", __doc__, ("dead_swipe",), of="element")
