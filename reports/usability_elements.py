"""How hard is each element to use?

One row is one element of a page, ranked by the visitors to whom anything happened there. The
score is made as that of pages, from the signals of this element alone and the views of its page:
0 where nothing stood in anybody's way, near 100 where every view has grave struggles with it.
Of few views little is known: read the score together with its interval.
"""

from reports.struggle.scoring import scoring

report = scoring("usability-elements", "Usability by element", __doc__, of="element")
