"""The API held to its description at length: `python -m bench.contract [EXAMPLES]`, 20 for each operation unless given.

Schemathesis makes requests of the document by all of its phases, with all of its checks, on a house of its own that
holds the sample, erasing people included. Ends with an error where an answer is not as described.
"""

import sys
import tempfile

from tests.reports.api.contract import PHASES, broken, described, operations
from tracker.access import SCOPES, create_key
from tracker.app import create_app, create_asgi
from tracker.clock import utc_now
from tracker.house import open_house
from tracker.sample import create_sample
from tracker.segments import save_segment
from tracker.settings import load_settings


def main() -> None:
    examples = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        house = open_house(load_settings({"FOOTFALL_DATA": folder, "FOOTFALL_API_RATE": "1000000"}))
        site = create_sample(house.database, house.spool.submit, utc_now())
        assert house.loader.drain(60)
        with house.database.session() as session:
            token = create_key(session, "schemathesis", SCOPES)
            save_segment(session, site.id, "Phones", ["device:is:mobile"], "bench")
        house.sites.forget()
        client, headers = create_app(house).test_client(), {"Authorization": f"Bearer {token}"}
        told = described(lambda path: client.get(path, headers=headers), site.key, site.hosts[0])
        found = []
        for reads in (True, False):  # names that are saved must not be taken for wrong ones
            only = [one["operationId"] for _, method, one in operations(told) if (method == "get") is reads]
            found += broken(create_asgi(house), told, token, phases=PHASES[:-1], examples=examples, only=only)
        found += broken(create_asgi(house), told, token, phases=PHASES[-1:], examples=examples, changing=True)
        house.close()
    for one in found:
        print(one, end="\n\n")
    sys.exit(f"{len(found)} answers are not as described" if found else 0)


if __name__ == "__main__":
    main()
