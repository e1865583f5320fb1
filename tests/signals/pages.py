"""The pages of the corpus: demonstrations that libraries ship, documentation, themes, and widgets' manuals laid out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page, by its path in the corpus' web, and the library that it shows."""

    library: str
    path: str

    @property
    def name(self) -> str:
        return f"{self.library}: {self.path.rsplit('/', 1)[-1].removesuffix('.html')}"


def _pages(library: str, folder: str, names: str) -> tuple[Page, ...]:
    return tuple(Page(library, f"{folder}/{name}.html") for name in names.split())


PAGES = (
    *_pages(
        "widgets",
        "/widgets",
        "bootstrap-components shoelace-choices shoelace-panels shoelace-overlays material-controls material-surfaces "
        "fomantic-modules fomantic-views materialize swiper fields tabulator",
    ),
    *_pages(
        "jquery-ui",
        "/usr/share/doc/libjs-jquery-ui-docs/examples",
        "accordion/collapsible autocomplete/combobox button/icons checkboxradio/radiogroup controlgroup/default "
        "datepicker/inline datepicker/icon-trigger dialog/modal-form dialog/animated effect/toggle menu/default "
        "menu/icons selectmenu/default slider/default spinner/default tabs/manipulation tabs/collapsible "
        "sortable/portlets droppable/photo-manager tooltip/video-player selectable/default",
    ),
    *_pages(
        "bootstrap",
        "/usr/share/doc/libjs-bootstrap5/examples",
        "cheatsheet/index dropdowns/index sidebars/index modals/index carousel/index list-groups/index "
        "navbars/index checkout-rtl/index",
    ),
    *_pages(
        "spectre",
        "/usr/share/doc/libjs-spectre-docs/docs",
        "components/accordions components/chips components/modals components/pagination components/tabs "
        "components/menu elements/buttons experimentals/carousels",
    ),
    *_pages(
        "uikit",
        "/npm/uikit/tests",
        "accordion alert dropdown filter form lightbox modal notification offcanvas slider switcher tab toggle totop",
    ),
    *_pages(
        "foundation",
        "/npm/foundation-sites/test/visual",
        "dropdown/close-on-click reveal/basic tabs/deep-linking offcanvas/reveal drilldown/drilldown-menu-parent-link "
        "accordion-menu/submenu-toggle orbit/orbit dropdown-menu/basic-dropdown-menu-rtl",
    ),
    *_pages(
        "govuk",
        "/npm/govuk-page",
        "accordion+tabs checkboxes+radios details+password-input service-navigation+pagination "
        "file-upload+character-count cookie-banner+button notification-banner+task-list",
    ),
    *_pages("sb-admin", "/npm/startbootstrap-sb-admin-2", "index buttons login tables"),
    *_pages("jstree", "/npm/jstree/demo/basic", "index"),
    *_pages("toastr", "/npm/toastr", "demo"),
    *_pages("mkdocs", "/usr/share/doc/mkdocs/html", "index user-guide/configuration"),
    *_pages("python", "/usr/share/doc/python3.11/html", "library/json genindex-A"),
)
