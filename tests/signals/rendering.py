"""Pages that packages hold as parts: put together as their makers' own tools would."""

import re
from pathlib import Path

FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
LIQUID = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
EXTRA_CSS = re.compile(r'- "?([\w.-]+\.css)"?')
BOOTSTRAP = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link href="/npm/bootstrap/dist/css/bootstrap.min.css" rel="stylesheet">{css}</head>
<body>{body}<script src="/npm/bootstrap/dist/js/bootstrap.bundle.min.js"></script></body></html>"""
GOVUK = """<!doctype html><html lang="en" class="govuk-template"><head><meta charset="utf-8"><title>{name}</title>
<link href="/npm/govuk-frontend/dist/govuk/govuk-frontend.min.css" rel="stylesheet"></head>
<body class="govuk-template__body"><script>document.body.className += " js-enabled govuk-frontend-supported"</script>
<main class="govuk-width-container govuk-main-wrapper">{parts}</main>
<script type="module">import {{ initAll }} from "/npm/govuk-frontend/dist/govuk/govuk-frontend.min.js"
initAll()</script></body></html>"""
UIKIT = b"""document.write('<link rel="stylesheet" href="/npm/uikit/dist/css/uikit.css">' +
'<script src="/npm/uikit/dist/js/uikit.js"><\\/script><script src="/npm/uikit/dist/js/uikit-icons.js"><\\/script>')"""


def render(prefix: str, root: Path, path: str) -> bytes | None:
    """Return the content of a page or script that no file holds as it is, or None."""
    inner = path.removeprefix(prefix)
    if not path.startswith(prefix):
        return None
    if path == "/usr/share/nodejs/require.js":
        # Debian's demonstrations ask for it where an older package of it lay.
        return (root / "share/nodejs/requirejs/require.js").read_bytes()
    if prefix == "/usr/" and "/libjs-bootstrap5/examples/" in path and path.endswith("/index.html"):
        return _bootstrap((root / inner).read_text()) if (root / inner).is_file() else None
    if prefix != "/npm/":
        return None
    if inner == "uikit/tests/js/test.js":
        return UIKIT
    if inner.startswith("foundation-sites/test/visual/assets/"):
        name = inner.rsplit("/", 1)[1]
        source = (
            "jquery/dist/jquery.js" if name == "vendor.js" else f"foundation-sites/dist/{name.split('.')[1]}/{name}"
        )
        return (root / source).read_bytes() if (root / source).is_file() else b""
    if inner.startswith("govuk-page/"):
        return _govuk(root, inner.removeprefix("govuk-page/").removesuffix(".html"))
    return None


def _bootstrap(source: str) -> bytes:
    """An example of Bootstrap's documentation in the layout that it names."""
    front = FRONT.match(source)
    css = "".join(f'<link href="{name}" rel="stylesheet">' for name in EXTRA_CSS.findall(front[1] if front else ""))
    title = re.search(r"title: (.*)", front[1]) if front else None
    body = LIQUID.sub("", FRONT.sub("", source))
    return BOOTSTRAP.format(title=title[1] if title else "", css=css, body=body).encode()


def _govuk(root: Path, components: str) -> bytes:
    """The default examples of some components, one below the other: "accordion+tabs"."""
    folder = root / "govuk-frontend" / "dist" / "govuk" / "components"
    parts = [(folder / name / "template-default.html").read_text() for name in components.split("+")]
    return GOVUK.format(name=components, parts="<hr>".join(parts)).encode()
