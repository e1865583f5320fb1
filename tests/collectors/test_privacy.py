"""The visitor's address is on no disk and in no log, whatever becomes of the request."""

import logging
from pathlib import Path

import pytest

from tests.kit.collect import ADDRESS, HEADERS, Knock, beacon, event
from tests.kit.entrance import Entrance
from tracker.sites import SiteInfo

NETWORK = ADDRESS.rpartition(".")[0]
PACKED = bytes(map(int, ADDRESS.split(".")))


def test_a_marked_address_is_found_nowhere(
    knock: Knock, entrance: Entrance, site: SiteInfo, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bodies = [beacon(site), beacon("nosuchsite"), b"{", beacon(site, event(at="x")), beacon(site).ljust(70_000)]
    for body in bodies:
        knock("POST", "/collect", body)
        knock("POST", "/collect", body, {**HEADERS, "Origin": "https://evil.example"})
    knock("GET", f"/pixel.gif?site={site.key}&url=https://shop.example/", headers={})
    everything = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".spool" for path in everything)
    for path in everything:
        content = path.read_bytes()
        assert NETWORK.encode() not in content, path
        assert PACKED not in content, path
    assert NETWORK not in caplog.text


def test_no_refused_body_is_kept(knock: Knock, entrance: Entrance, site: SiteInfo, tmp_path: Path) -> None:
    marked = event(at="soon", title="MARKED-SECRET")
    knock("POST", "/collect", beacon(site, marked))
    knock("POST", "/collect", b'{"MARKED-SECRET')
    assert not any(b"MARKED-SECRET" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert not any("MARKED-SECRET" in reason for _, reason in entrance.refusals.take())
