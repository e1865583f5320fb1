"""A person's rights from the command line, whether the server runs or not."""

import json
from pathlib import Path

from sqlalchemy import func, select

from tests.kit.house import Server
from tests.tracker.rights.people import put_away, send, someone, stitched_site, visit
from tracker.backup import back_up
from tracker.house import open_house
from tracker.identity.identifiers import identifier_id
from tracker.settings import load_settings
from tracker.store.schema import event


def test_a_person_is_exported_erased_and_kept_away_by_login(own_server: Server, tmp_path: Path) -> None:
    settings = load_settings({"FOOTFALL_DATA": str(own_server.data)})
    house = open_house(settings)
    site = stitched_site(house)
    ann, bob = someone(site, 1), someone(site, 1)
    ann.login = identifier_id(site.identity_key, "login", "ann@example.org")
    send(house, [visit(site, ann), visit(site, bob)])
    put_away(house)
    for _ in back_up(house, tmp_path / "older.tar"):
        pass
    house.close()
    told = own_server.here("identity", "export", "--login", said="ann@example.org\n")
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    assert len(found["events"]) == ann.events
    assert ann.marker in own_server.here("identity", "export", found["profile"], "--html").stdout
    assert "nobody has signed in" in own_server.here("identity", "export", "--login", said="eve\n").stderr
    assert own_server.here("identity", "rebuild").stdout == "Shop: 0 identifiers changed their profile\n"
    refused = own_server.here("identity", "erase", found["profile"], said="n\n")
    assert refused.returncode == 1
    assert "nothing was erased" in refused.stderr
    own_server.start()
    done = own_server.here("identity", "erase", "--login", "--yes", said="ann@example.org\n")
    assert done.stdout.startswith(f"Erased {ann.events} events"), done.stderr
    assert (
        "nobody has signed in"
        in own_server.here("identity", "erase", "--login", "--yes", said="ann@example.org\n").stderr
    )
    stones = tmp_path / "stones.json"
    assert "Wrote" in own_server.here("identity", "tombstones", "export", str(stones)).stdout
    assert own_server.stop() == 0
    restored = own_server.here("restore", str(tmp_path / "older.tar"), "--force")
    assert "stays erased" in restored.stdout, restored.stderr
    applied = own_server.here("identity", "tombstones", "apply", str(stones))
    assert "erased here too" in applied.stdout, applied.stderr
    again = open_house(settings)
    assert again.store.query(select(func.count()).select_from(event)).rows == [(bob.events,)]
    again.close()
