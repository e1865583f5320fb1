"""A process that loads a data folder's spool for ever, to be killed; `python -m tests.kit.loading FOLDER`."""

import sys

from tracker.database import Database
from tracker.loader import Loader
from tracker.refusals import Refusals
from tracker.settings import load_settings
from tracker.sites import SiteBook
from tracker.store.opening import open_store

if __name__ == "__main__":
    settings = load_settings({"FOOTFALL_DATA": sys.argv[1]})
    loader = Loader(settings, open_store(settings), SiteBook(Database(settings)), Refusals())
    while True:
        loader.run_once()
        print(flush=True)
