"""A person's rights from the command line, whether the server runs or not."""

import json
import subprocess
from pathlib import Path

from sqlalchemy import func, select

from tests.kit.house import FOOTFALL, Server
from tests.tracker.rights.people import put_away, send, someone, stitched_site, visit
from tracker.backup import back_up
from tracker.house import open_house
from tracker.identity.identifiers import identifier_id
from tracker.settings import load_settings
from tracker.store.schema import event


def ask(server: Server, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [FOOTFALL, *arguments],
        env=server.environment,
        input=said,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


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
    told = ask(own_server, "identity", "export", "--login", said="ann@example.org\n")
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    assert len(found["events"]) == ann.events
    assert ann.marker in ask(own_server, "identity", "export", found["profile"], "--html").stdout
    assert "nobody has signed in" in ask(own_server, "identity", "export", "--login", said="eve\n").stderr
    assert ask(own_server, "identity", "rebuild").stdout == "Shop: 0 identifiers changed their profile\n"
    refused = ask(own_server, "identity", "erase", found["profile"], said="n\n")
    assert refused.returncode == 1
    assert "nothing was erased" in refused.stderr
    own_server.start()
    done = ask(own_server, "identity", "erase", "--login", "--yes", said="ann@example.org\n")
    assert done.stdout.startswith(f"Erased {ann.events} events"), done.stderr
    assert (
        "nobody has signed in"
        in ask(own_server, "identity", "erase", "--login", "--yes", said="ann@example.org\n").stderr
    )
    stones = tmp_path / "stones.json"
    assert "Wrote" in ask(own_server, "identity", "tombstones", "export", str(stones)).stdout
    assert own_server.stop() == 0
    restored = ask(own_server, "restore", str(tmp_path / "older.tar"), "--force")
    assert "stays erased" in restored.stdout, restored.stderr
    applied = ask(own_server, "identity", "tombstones", "apply", str(stones))
    assert "erased here too" in applied.stdout, applied.stderr
    again = open_house(settings)
    assert again.store.query(select(func.count()).select_from(event)).rows == [(bob.events,)]
    again.close()
