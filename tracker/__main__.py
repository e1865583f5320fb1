"""`python -m tracker` is `footfall`."""

from tracker.cli import main

main()
