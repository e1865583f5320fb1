"""Which switched-off controls do people try to use?

One row is one control of a page, ranked by the visitors who clicked it while it was disabled.
They expected it to work, and nothing told them what is missing. The share is of the page's
views: in how many of them it happened at least once.
"""

from reports.struggle.struggling import struggling

report = struggling("disabled-clicks", "Disabled clicks", __doc__, ("disabled",), of="element")
