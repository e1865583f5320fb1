"""The recipes for React and Vue, in apps with routes: each route is a view once, and an early event is not lost."""

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.kit.browser import Web
from tests.kit.recipes import recipes

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
REACT = """
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createBrowserRouter, Link, Outlet } from "react-router";
import { RouterProvider } from "react-router/dom";
import { Footfall } from "./Footfall.jsx";
import { track } from "./track.js";

track("opened", { app: "react" });
const Button = () => BUTTON;
const Shop = () => <><COMPONENT /><Link to="/react/lamps">Lamps</Link><Button /><Outlet /></>;
const router = createBrowserRouter([
  { path: "/react", element: <Shop />, children: [{ path: "lamps", element: <h1>Lamps</h1> }] },
]);
createRoot(document.getElementById("app")).render(<StrictMode><RouterProvider router={router} /></StrictMode>);
"""
VUE = """
import { createApp } from "vue";
import { createRouter, createWebHistory } from "vue-router";

const app = createApp({ template: `<router-link to="/vue/lamps">Lamps</router-link>BUTTON<router-view />` });
const page = (name) => ({ template: `<h1>${name}</h1>` });
app.use(createRouter({ history: createWebHistory(), routes: [
  { path: "/vue", component: page("Shop") }, { path: "/vue/lamps", component: page("Lamps") },
] }));
USE
app.config.globalProperties.$footfall("opened", { app: "vue" });
app.mount("#app");
"""


def put(folder: Path, files: dict[str, str]) -> None:
    """Write the modules of an app and bundle its main.jsx into app.js."""
    if not (HERE / "node_modules").is_dir():
        pytest.skip("the frameworks are not here: run `npm ci` in tests/installing")
    for name, text in files.items():
        (folder / name).write_text(text)
    subprocess.run(["node", HERE / "build.mjs", folder / "main.jsx", folder / "app.js"], check=True, timeout=60)


def go_about(page: Page, web: Web, app: str, folder: Path) -> None:
    """Open the app, follow its link, sign up and leave, and see all of that told once."""
    web.tag = None
    web.folder("/files", folder)
    page.goto(web.page("<div id=app></div><script src=/files/app.js></script>", f"/{app}"))
    page.wait_for_function("window.footfall?.live")
    page.get_by_role("link", name="Lamps").click()
    page.get_by_role("heading", name="Lamps").wait_for()  # an app goes to another route in its own time
    page.get_by_role("button", name="Sign up").click()
    page.goto("about:blank")
    events = web.wait(lambda: len(web.events("custom")) == 2 and len(web.events("view")) == 2 and web.events())
    told = [
        (one["kind"], one["url"].removeprefix(web.url), one.get("name")) for one in events if one["kind"] != "click"
    ]
    assert sorted(one for one in told if one[0] in ("view", "custom")) == [
        ("custom", f"/{app}", "opened"),
        ("custom", f"/{app}/lamps", "signup"),
        ("view", f"/{app}", None),
        ("view", f"/{app}/lamps", None),
    ]
    assert [one["properties"] for one in events if one["kind"] == "custom"] == [{"app": app}, {"plan": "pro"}]


def test_react(page: Page, web: Web, tmp_path: Path) -> None:
    component, button = recipes("React", "jsx", web.url)
    [track] = recipes("React", "js", web.url)
    use = f'Footfall url="{web.url}" site="testsite0001"'
    main = REACT.replace("BUTTON", button.strip()).replace("COMPONENT", use)
    put(tmp_path, {"main.jsx": main, "Footfall.jsx": component, "track.js": track})
    go_about(page, web, "react", tmp_path)


def test_vue(page: Page, web: Web, tmp_path: Path) -> None:
    plugin, use = recipes("Vue", "js", web.url)
    [button] = recipes("Vue", "html", web.url)
    put(tmp_path, {"main.jsx": VUE.replace("BUTTON", button.strip()).replace("USE", use), "footfall.js": plugin})
    go_about(page, web, "vue", tmp_path)
