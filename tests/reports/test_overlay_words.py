"""What the overlay says: words of ours, the same as on the heatmap's page."""

from reports.overlay_words import overlay_menus, overlay_parts, overlay_words
from reports.render.heat import LAYERS
from reports.wording import words


def test_the_live_page_names_every_range_layer_and_screen_as_the_heatmap_does() -> None:
    menus = overlay_menus()
    assert menus["ranges"] == words.RANGES
    assert menus["layers"] == LAYERS
    assert list(menus["screens"].items())[:2] == [("all", "All screens"), ("small", words.NAMED["screen"]["small"])]


def test_the_overlay_is_told_all_its_words_with_their_places() -> None:
    assert overlay_words()["heading"] == "Heatmap of {page}"
    assert list(overlay_menus()["screens"]) == ["all", "small", "medium", "large", "wide"]
    assert overlay_parts()[-1] == "95–100% of the page"
