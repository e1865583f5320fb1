"""What do people click that only looks as if it did something?

One row is one element of a page, ranked by the visitors who clicked it in vain. It is no control
but looks like one, by its cursor or as a link; plain content is listed too once three visitors
clicked it and nothing happened. The share is of the page's views: in how many of them it
happened at least once.
"""

from reports.struggle.struggling import struggling

report = struggling("false-affordances", "False affordances", __doc__, ("false_affordance",), of="element")
