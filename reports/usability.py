"""How hard is each page to use?

One row is one page, ranked by the visitors to whom anything happened there. The score is 0 where
nothing stood in anybody's way and nears 100 where every view has grave struggles; each signal
adds to it by its weight and by the share of the page's views in which it happened, up to a cap:
100 × (1 − Π(1 − weight × min(1, share ÷ cap))). Of few views little is known: read the score
together with its interval.
"""

from reports.struggle.scoring import scoring

report = scoring("usability", "Usability", __doc__, of="page")
