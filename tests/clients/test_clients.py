"""Other trackers' own clients, unchanged but for where they send, fill the reports with exactly what they were told."""

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page

from tests.kit.browser import Web
from tests.kit.foreign import Track, unique

pytestmark = pytest.mark.browser

SEARCHED = "https://www.google.com/"
Run = Callable[[str], str]


def visit(page: Page, pages: Web, script: str, path: str, start: str, referer: str | None = None) -> None:
    """Open a page that has a tracker's script and starts it."""
    quiet = "window.__plausible = true"  # else it keeps silent in a browser that a program drives
    html = f"<script>{quiet}</script><script src='/client/{script}.js'></script><script>{start}</script>"
    pages.page(html, path.partition("?")[0])
    with page.expect_response(lambda response: is_beacon(response.url)):
        page.goto(pages.url + path, referer=referer)


def is_beacon(url: str) -> bool:
    return any(part in url for part in ("/api/event", "/api/send", "/count/", "/e/", "/i/v0/", "tp2"))


def send(page: Page, call: str) -> int:
    """Let the page's tracker send, and return the status of the answer."""
    with page.expect_request(lambda request: is_beacon(request.url)) as asked:  # an answer may be to what went before
        page.evaluate(call)
    answered = asked.value.response()
    assert answered
    return answered.status


def test_plausible(page: Page, pages: Web, track: Track) -> None:
    site = track("plausible", f"127.0.0.1/{unique()}")
    site.goal("Signed up", "signup")
    start = f"""tracker.init({{domain: "{site.id}", endpoint: "{site.url}/api/event", captureOnLocalhost: true}})"""
    visit(page, pages, "plausible", "/shop/lamps", start, referer=SEARCHED)
    visit(page, pages, "plausible", "/shop/chairs?utm_source=letter", start)
    visit(page, pages, "plausible", "/shop/lamps", start)
    assert (
        send(page, "tracker.track('signup', {props: {plan: 'pro'}, revenue: {amount: 12.5, currency: 'EUR'}})") == 202
    )
    assert send(page, "history.pushState({}, '', '/shop/thanks')") == 202
    site.wait(view=4, custom=1)
    assert site.pages() == {"/shop/lamps": 2, "/shop/chairs": 1, "/shop/thanks": 1}
    assert site.sources() == {"Google": 1}
    assert site.goals() == {"Signed up": 1}
    [event] = [one for one in site.events() if one["kind"] == "custom"]
    assert event["properties"] == {"plan": "pro", "revenue": 12.5, "currency": "EUR"}


def test_plausible_as_it_was_before(page: Page, pages: Web, track: Track) -> None:
    site = track("plausible", f"127.0.0.1/{unique()}")
    site.goal("Signed up", "signup")
    start = f"""
        plausible = tracker.default({{domain: "{site.id}", apiHost: "{site.url}", trackLocalhost: true}});
        plausible.trackPageview()"""
    for path in ("/a", "/b", "/a"):
        visit(page, pages, "plausible-before", path, start)
    assert send(page, "plausible.trackEvent('signup', {props: {plan: 'free'}})") == 202
    site.wait(view=3, custom=1)
    assert site.pages() == {"/a": 2, "/b": 1}
    assert site.goals() == {"Signed up": 1}


def test_umami_for_node(node: Run, track: Track) -> None:
    site = track("umami", str(uuid4()), "shop.example")
    site.goal("Ordered", "order")
    answer = node(f"""
        import client from "@umami/node";
        const umami = client.default;
        umami.init({{websiteId: "{site.id}", hostUrl: "{site.url}", userAgent: "Mozilla/5.0 (X11) Firefox/140.0"}});
        const page = {{hostname: "shop.example", language: "pl-PL", referrer: "{SEARCHED}"}};
        for (const url of ["/lamps", "/chairs?page=2", "/lamps"]) await umami.track({{...page, url, title: "A page"}});
        await umami.track("order", {{value: 12.5, plan: "pro", items: ["left out"]}});
        const answer = await umami.identify({{name: "Anna"}});
        console.log(answer.status, JSON.stringify(await answer.json()));
    """)
    assert answer == '200 {"cache":"","sessionId":"","visitId":""}\n'
    site.wait(view=3, custom=1, engagement=1)
    assert site.pages() == {"/lamps": 2, "/chairs": 1}
    assert site.sources() == {"Google": 1}
    assert site.goals() == {"Ordered": 1}


def test_what_umamis_script_sends_from_a_page(page: Page, pages: Web, track: Track) -> None:
    site = track("umami", str(uuid4()))
    site.goal("Ordered", "order")
    page.goto(pages.page("<h1>Shop</h1>"))
    said = page.evaluate(
        """async ([address, website]) => {
            let cache = "";
            const send = async payload => {
                const answer = await fetch(address + "/api/send", {
                    method: "POST", keepalive: true, credentials: "omit",
                    headers: {"Content-Type": "application/json", "x-umami-cache": cache},
                    body: JSON.stringify({type: "event", payload: {
                        website, screen: "1920x1080", language: "pl-PL", hostname: location.hostname,
                        title: document.title, url: location.href, referrer: "", ...payload}}),
                });
                const told = await answer.json();
                cache = told.cache;
                return [answer.status, Boolean(told.disabled)];
            };
            const page = {url: location.origin + "/a"};
            return [await send({}), await send(page), await send({name: "order", data: {n: 1}})];
        }""",
        [site.url, site.id],
    )
    assert said == [[200, False]] * 3
    site.wait(view=2, custom=1)
    assert site.pages() == {"/": 1, "/a": 1}
    assert site.goals() == {"Ordered": 1}


def test_matomo_for_node(node: Run, track: Track) -> None:
    site = track("matomo", str(int(unique(), 16)), "shop.example")
    site.goal("Bought", "Buy / left button")
    answer = node(f"""
        import MatomoTracker from "matomo-tracker";
        import {{ subscribe }} from "node:diagnostics_channel";
        const matomo = new MatomoTracker({site.id}, "{site.url}/matomo.php");
        matomo.on("error", error => {{ console.log("error", error); process.exit(1); }});
        // it never reads an answer to its end, which would keep Node waiting
        let awaited = 3;
        const answered = () => --awaited || process.exit();
        subscribe("http.client.response.finish", ({{request}}) => request.method == "GET" && answered());
        const ua = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        const page = {{ua, lang: "pl", urlref: "{SEARCHED}"}};
        matomo.track({{...page, url: "https://shop.example/lamps", action_name: "Lamps"}});
        matomo.track({{...page, url: "https://shop.example/chairs?mtm_campaign=spring", action_name: "Chairs"}});
        matomo.trackBulk([
            {{...page, url: "https://shop.example/lamps"}},
            {{...page, url: "https://shop.example/lamps", e_c: "Buy", e_a: "left button", e_v: "4"}},
            {{...page, url: "https://shop.example/lamps", ua: "Another/1", search: "red lamp", search_count: "3"}},
        ], said => {{ console.log(said); answered(); }});
    """)
    assert json.loads(answer) == {"status": "success", "tracked": 3, "invalid": 0}
    site.wait(view=3, custom=1, search=1)
    assert site.pages() == {"/lamps": 2, "/chairs": 1}
    assert site.sources() == {"Google": 1}
    assert site.goals() == {"Bought": 1}
    assert [(row["query"], row["searches"]) for row in site.report("site-search")["rows"]] == [("red lamp", 1)]
    [chairs] = [one for one in site.events() if one["path"] == "/chairs"]
    assert (chairs["campaign"], chairs["title"], chairs["language"]) == ("spring", "Chairs", "pl")


def test_what_goatcounters_script_sends_from_a_page(page: Page, pages: Web, track: Track) -> None:
    site = track("goatcounter", unique())
    site.goal("Clicked", "buy-now")
    page.goto(pages.page("<h1>Shop</h1>"))
    widths = page.evaluate(
        """async endpoint => {
            const image = told => new Promise(done => {
                const img = document.createElement("img");
                img.onload = () => done(img.naturalWidth);
                img.onerror = () => done(0);
                img.src = endpoint + "?" + new URLSearchParams({s: "1920,1080,1", b: 0, rnd: Math.random(), ...told});
            });
            return [
                await image({p: "/", t: "Shop", r: "https://www.google.com/"}),
                await image({p: "/a", t: "A", q: "?utm_source=letter"}),
                await image({p: "/a", t: "A"}),
                await image({p: "buy-now", e: "true"}),
                navigator.sendBeacon(endpoint + "?p=%2Fb&t=B"),
            ];
        }""",
        f"{site.url}/count/{site.id}",
    )
    assert widths == [1, 1, 1, 1, True]
    site.wait(view=4, custom=1)
    assert site.pages() == {"/": 1, "/a": 2, "/b": 1}
    assert site.sources() == {"Google": 1}
    assert site.goals() == {"Clicked": 1}


def test_posthog(page: Page, pages: Web, track: Track) -> None:
    site = track("posthog", f"phc_{unique()}", mode="stitched", consented=True)
    site.goal("Ordered", "order")
    start = f"""
        posthog = tracker.default;
        posthog.init("{site.id}", {{api_host: "{site.url}", opt_out_useragent_filter: true}})"""
    for path, referer in (("/lamps", SEARCHED), ("/chairs?utm_source=letter", None), ("/lamps", None)):
        visit(page, pages, "posthog", path, start, referer)
    assert send(page, "posthog.capture('order', {value: 12.5, plan: 'pro'})") == 200
    assert send(page, "posthog.identify('ann', {email: 'ann@shop.example'})") == 200
    page.goto("about:blank")
    site.wait(view=3, custom=1, engagement=1)
    assert site.pages() == {"/lamps": 2, "/chairs": 1}
    assert site.sources() == {"Google": 1}
    assert site.goals() == {"Ordered": 1}
    [order] = [one for one in site.events() if one["kind"] == "custom"]
    assert order["properties"] == {"value": 12.5, "plan": "pro"}
    # one browser all along, which turned out to be Ann's; her address is nowhere
    assert len({one["visitor_id"] for one in site.events()}) == 1
    assert [one["kind"] for one in site.events() if one.get("login_id")] == ["engagement"]
    assert "ann@" not in json.dumps(site.events())


def test_posthog_for_node(node: Run, track: Track) -> None:
    site = track("posthog", f"phc_{unique()}", "shop.example")
    site.goal("Ordered", "order")
    node(f"""
        import {{ PostHog }} from "posthog-node";
        const posthog = new PostHog("{site.id}", {{host: "{site.url}"}});
        for (const path of ["/lamps", "/chairs", "/lamps"])
            posthog.capture({{distinctId: "ann", event: "$pageview", properties: {{
                $current_url: "https://shop.example" + path, $raw_user_agent: "Mozilla/5.0 (X11) Firefox/140.0"}}}});
        posthog.capture({{distinctId: "bob", event: "order", properties: {{value: 3}}}});
        await posthog.shutdown();
    """)
    site.wait(view=3, custom=1)
    assert site.pages() == {"/lamps": 2, "/chairs": 1}
    assert site.goals() == {"Ordered": 1}


def test_snowplow(page: Page, pages: Web, track: Track) -> None:
    site = track("snowplow", unique(), mode="stitched", consented=True)
    site.goal("Ordered", "order")
    site.goal("Played", "Videos / Play")
    start = f"""
        tracker.newTracker("sp", "{site.url}", {{appId: "{site.id}"}});
        tracker.trackPageView()"""
    for path, referer in (("/lamps", SEARCHED), ("/chairs?utm_source=letter", None), ("/lamps", None)):
        visit(page, pages, "snowplow", path, start, referer)
    assert send(page, "tracker.trackStructEvent({category: 'Videos', action: 'Play', value: 3})") == 200
    assert send(page, "tracker.setUserId('ann'); tracker.trackPageView()") == 200
    schema = "iglu:com.acme/order/jsonschema/1-0-0"
    assert send(page, f"tracker.trackSelfDescribingEvent({{event: {{schema: '{schema}', data: {{value: 3}}}}}})") == 200
    site.wait(view=4, custom=2)
    assert site.pages() == {"/lamps": 3, "/chairs": 1}
    assert site.sources() == {"Google": 1}
    assert site.goals() == {"Ordered": 1, "Played": 1}
    assert len({one["visitor_id"] for one in site.events()}) == 1
    assert [one["kind"] for one in site.events() if one.get("login_id")] == ["view", "custom"]


def test_what_googles_tag_sends_from_a_page(page: Page, pages: Web, track: Track) -> None:
    site = track("ga4", f"G-{unique().upper()}", secret="s3cret")
    site.goal("Ordered", "purchase")
    page.goto(pages.page("<h1>Shop</h1>"))
    told = page.evaluate(
        """([address, id]) => {
            const common = {v: "2", tid: id, cid: "1.2", gcs: "G111", ul: "pl-pl", sr: "1920x1080", dr: ""};
            const send = (told, body) => navigator.sendBeacon(
                address + "/g/collect?" + new URLSearchParams({...common, dl: location.href, ...told}), body);
            return [
                send({en: "page_view", dt: "Shop"}),
                send({dl: location.origin + "/a"}, "en=page_view&_et=1200\\r\\nen=purchase&epn.value=12.5"),
            ];
        }""",
        [site.url, site.id],
    )
    assert told == [True, True]
    site.wait(view=2, custom=1, engagement=1)
    assert site.pages() == {"/": 1, "/a": 1}
    assert site.goals() == {"Ordered": 1}
    measured = site.send(
        f"/mp/collect?measurement_id={site.id}&api_secret=s3cret",
        b'{"client_id": "1.2", "events": [{"name": "purchase", "params": {"value": 3}}]}',
    )
    assert measured == (204, b"")
    site.wait(custom=2)
    assert site.goals() == {"Ordered": 2}
