"""A thousand erasures that leave no trace: `python -m bench.erasures [PEOPLE] [ERASED]`, 1500 and 1000 unless given.

People with marks that nobody else has visit from devices of their own; some of them, in random order
and in several turns, are erased while others go on visiting. Then every file of the data folder, and a
backup made afterwards, is searched for the ids (decimal and hex) and marks of those who went; and every
event of those who stayed is counted.
"""

import random
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import func, select

from tests.tracker.rights.people import found_in, put_away, send, someone, stitched_site, visit
from tracker.backup import back_up
from tracker.house import open_house
from tracker.identity.hand import profile_of
from tracker.settings import load_settings
from tracker.store.schema import event

TURNS = 10


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 1500
    erased = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    dice = random.Random(time.time_ns())
    with tempfile.TemporaryDirectory() as name:
        settings = load_settings({"FOOTFALL_DATA": f"{name}/data"})
        house = open_house(settings)
        site = stitched_site(house)
        everybody = [someone(site, dice.randint(1, 3)) for _ in range(people)]
        for first in range(0, people, 100):
            some = everybody[first : first + 100]
            send(house, [visit(site, one, number) for one in some for number in range(len(one.devices))])
            put_away(house)
        gone = dice.sample(everybody, erased)
        stay = [one for one in everybody if one not in gone]
        begun, finished = [], []
        for turn in range(TURNS):
            send(
                house, [visit(site, one, ago_s=60) for one in dice.sample(gone[turn::TURNS], 5) + dice.sample(stay, 5)]
            )
            for one in gone[turn::TURNS]:
                with house.database.session() as session:
                    profile = profile_of(session, site.id, one.login)
                began = time.perf_counter()
                house.erasing.begin(site, profile, "bench")
                begun.append(time.perf_counter() - began)
            began = time.perf_counter()
            house.erasing.finish()
            finished.append(time.perf_counter() - began)
            print(f"\r{turn + 1} of {TURNS} turns", end="", file=sys.stderr, flush=True)
        for _ in back_up(house, Path(name) / "after.tar"):
            pass
        traces = [trace for one in gone for trace in one.traces]
        found = found_in(Path(name), traces)
        assert not found, f"traces in {sorted(found)}"
        left = house.store.query(select(func.count()).select_from(event)).rows[0][0]
        expected = sum(one.events for one in stay)
        assert left == expected, f"{left} events are left of {expected}"
        files = sum(path.is_file() for path in Path(name).rglob("*"))
        house.close()
    print(f"{erased:,} of {people:,} people erased: {len(traces):,} traces looked for in {files} files, none found;")
    print(f"all {expected:,} events of the others are there. A person's word took {sum(begun) / erased * 1000:.0f} ms,")
    print(f"the rest {max(finished):.1f} s at most for {erased // TURNS} people at once.")


if __name__ == "__main__":
    main()
