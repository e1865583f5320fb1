"""The same requests sent five times at once are counted once, and the books balance."""

from concurrent.futures import ThreadPoolExecutor

from tests.kit.house import Server, view_event

REQUESTS = 500
TIMES = 5


def test_requests_replayed_five_times_at_once_count_once(own_server: Server) -> None:
    own_server.environment["FOOTFALL_ADDRESS_RATE"] = "0"
    own_server.start()
    site = own_server.add_site()
    beacons = [view_event(f"https://shop.example/{number}") for number in range(REQUESTS)]

    def post_all(_: int) -> list[int]:
        return [own_server.post(site, [beacon], "https://shop.example")[0] for beacon in beacons]

    with ThreadPoolExecutor(TIMES) as senders:
        for statuses in senders.map(post_all, range(TIMES)):
            assert statuses == [202] * REQUESTS
    own_server.wait_until_loaded()

    paths = [event["path"] for event in own_server.events(site)]
    assert sorted(paths) == sorted(f"/{number}" for number in range(REQUESTS))
    counted = own_server.metrics()
    assert counted["footfall_accepted_events_total"] == TIMES * REQUESTS
    ends = {name: value for name, value in counted.items() if name.startswith("footfall_events_total")}
    assert sum(ends.values()) == TIMES * REQUESTS
    [duplicates] = [value for name, value in ends.items() if 'outcome="duplicate"' in name]
    assert duplicates == (TIMES - 1) * REQUESTS
