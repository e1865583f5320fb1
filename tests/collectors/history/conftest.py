"""Taking an export in a line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from collectors.footprints import Taken
from collectors.history.hit import Format
from collectors.history.taking import Stretch, take_history
from tests.kit.kept import Kept
from tracker.imports.files import GivenFile
from tracker.sites import SiteInfo

Take = Callable[..., Taken]
ALL = Stretch()


@pytest.fixture
def take(kept: Kept, tmp_path: Path) -> Take:
    """Take the text of an export, or files: `take(FORMAT, text)`."""

    def taken(of: Format, *given: str | Path, stretch: Stretch = ALL, site: SiteInfo | None = None) -> Taken:
        files = []
        for number, one in enumerate(given):
            file = one if isinstance(one, Path) else tmp_path / f"export-{number}.csv"
            if isinstance(one, str):
                file.write_text(one)
            files.append(GivenFile(file))
        return take_history(of, files, site or kept.site, kept.submit, stretch)

    return taken
