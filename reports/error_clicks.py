"""Which clicks end in an error?

One row is one element of a page, ranked by the visitors whose click made a script fail, or sent
a request that was refused. The share is of the page's views: in how many of them it happened at
least once.
"""

from reports.struggle.struggling import struggling

report = struggling("error-clicks", "Error clicks", __doc__, ("error_click",), of="element")
