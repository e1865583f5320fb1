"""PDF files as their readers get them: tagged, named, with every word in them, whatever visitors sent."""

import io
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import msgspec
import pytest

from reports.pdf.sheet import Cell, Figure, Heading, Picture, Sheet, Table
from reports.pdf.text import UNKNOWN, fitting
from reports.pdf.typeset import FAILED, MISSING, UNDRAWN, TypesetError, can_typeset, typeset
from tests.kit.extras import needed
from tracker.languages import language_of, speaking

typst = needed("typst")
NOTE = UNDRAWN % {"mark": UNKNOWN}
pypdf = needed("pypdf")
press = import_module("reports.pdf.press")  # which imports typst

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="9" height="9"/></svg>'
HOSTILE = (
    '#import "/etc/passwd": *',
    "#panic(1) *bold* _it_ $x$ = Heading @ref <label> // gone",
    "#{sys.inputs}",
    "/مرحبا/بالعالم",
    "w" * 390,
    "e\u0301" * 150,
    "\u202egnp.exe",
    "a\x00b\ue000c",
)


def sheet(*rows: str, **fields: Any) -> Sheet:
    table = Table("Pages", [Heading("Page", wide=True), Heading("Views", is_number=True)], [])
    cells = [[Cell(fitting(row)), Cell(f"{number:,}")] for number, row in enumerate(rows)]
    told: dict[str, Any] = {
        "title": "Lamps & <Chairs>",
        "author": "Footfall",
        "about": ["9 Mar 2026 – 15 Mar 2026"],
        "foot": "Lamps & <Chairs> · 9 Mar",
        "page": "https://stats.example.org/sites/x/",
        "tables": [Table("Pages", table.columns, cells)],
    }
    return Sheet(**{**told, **fields})


def read(content: bytes) -> Any:
    return pypdf.PdfReader(io.BytesIO(content))


def words(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(content).pages).replace("\u200b", "")


def tags(node: Any) -> Iterator[Any]:
    """Walk what a screen reader walks."""
    node = node.get_object()
    if not isinstance(node, dict):
        return
    yield node
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        yield from tags(kid)


def test_it_is_tagged_named_and_says_its_language() -> None:
    content = typeset(sheet("/", picture=Picture("Visitors", SVG, "Visitors by day: 3, 4")))
    found = read(content)
    root = found.root_object
    assert found.metadata.title == "Lamps & <Chairs>"
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en", True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    nodes = list(tags(root["/StructTreeRoot"]))
    kinds = [node.get("/S") for node in nodes]
    assert {"/Document", "/Table", "/THead", "/TH", "/TD", "/Figure", "/H1"} <= set(kinds)
    assert [node["/Alt"] for node in nodes if node.get("/S") == "/Figure"] == ["Visitors by day: 3, 4"]
    assert all(fonts := [font["/FontDescriptor"] for font in embedded(found)]) and fonts


def embedded(found: Any) -> Iterator[Any]:
    for page in found.pages:
        for font in page["/Resources"]["/Font"].values():
            for one in font.get_object()["/DescendantFonts"]:
                described = one.get_object()
                assert {"/FontFile2", "/FontFile3"} & set(described["/FontDescriptor"].get_object())
                yield described


def test_long_tables_go_on_with_their_heads_and_pages_are_numbered() -> None:
    content = typeset(sheet(*(f"/page-{number}" for number in range(120))))
    pages = [page.extract_text() for page in read(content).pages]
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert page.index("Views") < page.index("/page-")


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_visitors_stay_words(text: str) -> None:
    told = words(typeset(sheet(text, title=fitting(text) or "-", foot=fitting(text), news=[fitting(text)])))
    wanted = fitting(text).replace("\u200b", "")
    together = "".join(told.split())
    if text.startswith("/م"):  # pages order it by sight
        assert "مرحبا" in together
    else:
        assert together.count("".join(wanted.split())) >= 3, told


def test_letters_without_a_font_are_marked_and_it_is_said() -> None:
    told_of = [sheet("/日本/a", "/b“→”▲", notes=notes) for notes in ([], [NOTE])]
    plain, noted = (msgspec.json.encode(one).decode() for one in told_of)
    told = words(press.typeset(plain, noted, typst.Fonts(include_system_fonts=False)))
    assert f"/{UNKNOWN * 2}/a" in told and "/b“→”▲" in told
    assert NOTE in " ".join(told.split())


def test_persian_words_stay_where_letters_of_many_other_scripts_have_no_font(monkeypatch: pytest.MonkeyPatch) -> None:
    named = iter(("日", "本"))
    monkeypatch.setattr(press, "_named", lambda _: {next(named)})  # as when there are too many to name
    sure = "".join(map(chr, (*range(0x621, 0x63B), *range(0x640, 0x656), *range(0x6F0, 0x6FA))))
    with speaking(language_of("fa")):
        told_of = sheet(
            "/日本語/a", f"{sure}\u067e\u0686\u0698\u06a9\u06af\u06cc\u066a\u066b\u066c\u060c\u061b\u061f", "a\u200db"
        )
    data = msgspec.json.encode(told_of).decode()
    told = words(press.typeset(data, data, typst.Fonts(include_system_fonts=False)))
    assert told.count(UNKNOWN) == 3


def test_an_empty_report_and_one_that_failed_say_so() -> None:
    tables = [Table("Forms", [Heading("Page")], []), Table("Pages", [Heading("Page")], [], error="It took too long.")]
    told = words(typeset(sheet(tables=tables, notes=["Of 3 visitors."], figures=[Figure("Visits", "3", "as before")])))
    assert "Nothing in these days." in told and "It took too long." in told and "Of 3 visitors." in told


def test_what_cannot_be_typeset_is_said_without_what_is_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TypesetError) as failed:
        typeset(sheet(picture=Picture("Visitors", "this is no picture", "nothing")))
    assert str(failed.value) == FAILED
    monkeypatch.setattr("reports.pdf.typeset.TIMEOUT_S", 0.001)
    with pytest.raises(TypesetError):
        typeset(sheet("/"))


def test_without_the_extra_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.pdf.typeset.find_spec", lambda _: None)
    assert not can_typeset()
    with pytest.raises(TypesetError) as refused:
        typeset(sheet("/"))
    assert str(refused.value) == MISSING
