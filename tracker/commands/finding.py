"""Which site a person means."""

from tracker.errors import FootfallError, InvalidInputError
from tracker.sites import SiteBook, SiteInfo


def find_site(book: SiteBook, text: str | None) -> SiteInfo:
    """Return the site that a person means by its key, name or host; the only one there is when None."""
    book.forget()
    sites = book.all()
    if text is None and len(sites) == 1:
        return sites[0]
    word = (text or "").strip().lower()
    for matches in (
        [site for site in sites if site.key == word],
        [site for site in sites if site.name.lower() == word],
        [site for site in sites if word in site.hosts],
    ):
        if len(matches) == 1:
            return matches[0]
    if not sites:
        raise FootfallError("there is no site yet; add one with `footfall site add NAME --host HOST`")
    names = ", ".join(f"{site.key} ({site.name})" for site in sites[:10])
    raise InvalidInputError("site", f"{text or 'none given'}; use one of {names}{' …' if len(sites) > 10 else ''}")
