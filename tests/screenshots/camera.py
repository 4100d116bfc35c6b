"""A browser that opens pages of a site that stands still, as one person and in one state."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import Browser, Page

from tests.browser.first_visit import context_of
from tests.screenshots.pages import Shot
from tests.served import MOMENT, Site

PATIENCE_MS: Final = 30_000


@contextmanager
def opened(
    browser: Browser, site: Site, shot: Shot, viewport: dict[str, int], *, scroll: bool = True, **options: Any
) -> Iterator[Page]:
    """A page in the state of a shot, its clock standing still with the site's, nothing on it moving.

    Args:
        scroll: back to the top, wherever the state was brought about.
    """
    person = shot.person or shot.role
    context = context_of(browser, site, person, viewport=viewport, reduced_motion="reduce", **options)
    context.set_default_timeout(PATIENCE_MS)
    context.clock.set_fixed_time(MOMENT)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    try:
        page.goto(shot.path.format(**site.places))
        if person != "anonymous" and "/login/" in page.url:
            raise RuntimeError(f"{person} is not signed in")
        if shot.prepare:
            shot.prepare(page)
        page.evaluate("document.fonts.ready.then(() => true)")
        if scroll:
            page.evaluate("window.scrollTo(0, 0)")
        # Neither the cursor in a field nor what the mouse is over belongs to a picture.
        page.mouse.move(0, 0)
        yield page
    finally:
        context.close()
