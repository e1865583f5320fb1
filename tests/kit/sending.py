"""Another product's exports, sent by a page."""

import io
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.kit.pages import Person
from tracker import jobs
from tracker.house import House
from tracker.sites import SiteInfo

VISITORS = '"date","visitors","pageviews","bounces","visits","visit_duration"\n"2026-03-01",3,9,1,4,60\n'
Send = Callable[..., TestResponse]
File = tuple[bytes, str]


def plausible(rows: str = VISITORS) -> File:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("imported_visitors_20260301_20260302.csv", rows)
    return packed.getvalue(), "export.zip"


@pytest.fixture
def send(owner: Person, shop: SiteInfo) -> Send:
    """Choose files on the page of a site and send them; gives the page that it leads to."""

    def sent(product: str, *files: File, site: SiteInfo = shop, who: Person = owner, **form: str) -> TestResponse:
        page = f"/sites/{site.key}/imports?product={product}"
        chosen = [(io.BytesIO(body), name) for body, name in files] or [(io.BytesIO(), "")]
        form_ = {"product": product, "files": chosen, **form}
        return who.send(page, form_, to=f"/sites/{site.key}/imports/upload", follow_redirects=True)

    return sent


class Pausing(io.BytesIO):
    """A form on its way, of which nothing is read before something else has happened."""

    def __init__(self, body: bytes, meanwhile: Callable[[], object]) -> None:
        super().__init__(body)
        self._meanwhile: Callable[[], object] | None = meanwhile

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # a buffer is one of bytes here
        if meanwhile := self._meanwhile:
            self._meanwhile = None
            meanwhile()
        return super().readinto(buffer)


def send_slowly(owner: Person, site: SiteInfo, meanwhile: Callable[[], object]) -> TestResponse:
    """Send an export of Plausible to a site, and do something else while it is coming."""
    address = f"/sites/{site.key}/imports"
    body, name = plausible()
    form = {"csrf_token": owner.token(address), "product": "plausible", "files": FileStorage(io.BytesIO(body), name)}
    boundary, coded = encode_multipart(form)
    return owner.client.post(
        f"{address}/upload",
        input_stream=Pausing(coded, meanwhile),
        content_type=f"multipart/form-data; boundary={boundary}",
        content_length=len(coded),
    )


def worked_off(house: House) -> None:
    jobs.take_uploads(house, threading.Event())


def left(house: House) -> list[Path]:
    return list(house.settings.upload_folder.rglob("*"))
