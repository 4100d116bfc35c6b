"""What holds on every page: one heading, a title, a language, labels, captions, ids that are unique."""

import gzip
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import Any, Final

import pytest

from accounts.models import User
from measures.models import Plan
from tests.conftest import SignIn
from tests.ita_tracker.test_security import unguarded, unsafe
from tests.support.html import Element, read
from tests.support.sweep import LIKE_ANOTHER, PAGES, Visit, furnish, seen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

Seen = list[tuple[Visit, Element]]
# What comes again at every later visit, beside the picture of the address bar.
MAX_BYTES: Final = 15_000


def test_every_page_keeps_the_habits(sign_in: SignIn, plan: Plan, people: dict[str, User]) -> None:
    """One sweep, all habits, also those of safety: visiting is what takes time."""
    wrong: list[str] = []
    pages: Seen = []
    made_of: dict[str, set[str]] = {}
    for visit, response in seen(sign_in, furnish(plan, people)):
        page = read(response)
        pages.append((visit, page))
        for habit in (unique_ids, labels, tables, references, buttons, headings, unsafe):
            wrong += [f"{visit.name} ({visit.role}): {what}" for what in habit(page)]
        wrong += [f"{visit.name} ({visit.role}): {what}" for what in unguarded(response)]
        if visit.htmx:
            continue
        wrong += [f"{visit.name} ({visit.role}): {what}" for what in frame(page, visit)]
        if (size := len(gzip.compress(response.content))) > MAX_BYTES:
            wrong.append(f"{visit.name} ({visit.role}): {size} bytes")
        made_of.setdefault(visit.name, set()).update(each.name for each in response.templates if each.name)
    assert wrong == []
    assert len(pages) == PAGES
    assert titles_of_several(pages) == {}
    assert unseen(made_of, LIKE_ANOTHER) == set()


def unseen(made_of: Mapping[str, set[str]], left_out: AbstractSet[str]) -> set[str]:
    """Templates of the pages that are left out which none of the others shows."""
    assert left_out <= made_of.keys()
    shown = {template for name, of in made_of.items() if name not in left_out for template in of}
    return {template for name in left_out for template in made_of[name]} - shown


def test_a_template_that_the_browser_would_not_be_shown_is_noticed() -> None:
    made_of = {"list": {"page", "row"}, "empty list": {"page"}, "closed": {"page", "lock"}}
    assert unseen(made_of, {"empty list"}) == set()
    assert unseen(made_of, {"empty list", "closed"}) == {"lock"}


def frame(page: Element, visit: Visit) -> list[str]:
    """What stands around the content of a whole page."""
    wrong = []
    if page.one("html").get("lang") != "th":
        wrong.append("not in Thai")
    if not re.search("[ก-๙]", page.all("title")[0].text):
        wrong.append("no title")
    if len(page.all("h1")) != 1 or not page.one("h1").text:
        wrong.append(f"{len(page.all('h1'))} h1")
    if len(page.all("main", id="main")) != 1:
        wrong.append("no main")
    if not page.all("meta", name="viewport", content="width=device-width, initial-scale=1"):
        wrong.append("no viewport")
    if visit.status not in (403, 404, 410):
        body = page.one("body")
        first = next(link for link in body.all("a"))
        if first["href"] != "#main" or "skip" not in first.get("class").split():
            wrong.append("the first link does not skip to the content")
    return wrong


def unique_ids(page: Element) -> list[str]:
    ids = [element["id"] for element in page.walk() if "id" in element.attributes]
    return [
        f"id {name!r} stands {ids.count(name)} times" for name in set(ids) if ids.count(name) > 1 or not name
    ]


def labels(page: Element) -> list[str]:
    """Every control has a label with words, or stands inside one."""
    wrong = []
    all_labels = page.all("label")
    for control in page.all("input") + page.all("select") + page.all("textarea"):
        if control.get("type") == "hidden":
            continue
        of = [label for label in all_labels if label.get("for") == control.get("id") != ""]
        around = [element for element in control.ancestors() if element.tag == "label"]
        if not any(label.text for label in of + around):
            wrong.append(f"{control.tag} {control.get('name')!r} has no label")
    return wrong


def tables(page: Element) -> list[str]:
    wrong = []
    for table in page.all("table"):
        # The table of the printed report has its name where paper does not show it.
        named = " ".join([table.get("aria-label"), *(caption.text for caption in table.all("caption"))])
        if not named.strip():
            wrong.append("a table without a caption")
        wrong += [f"th {head.text!r} without scope" for head in table.all("th") if not head.get("scope")]
        wrong += [f"an empty th in {table.text[:40]!r}" for head in table.all("th") if not head.text]
    return wrong


def references(page: Element) -> list[str]:
    """What points to another element points to one that is there."""
    ids = {element["id"] for element in page.walk() if "id" in element.attributes}
    whole_page = bool(page.all("html"))
    wrong = []
    for element in page.walk():
        for attribute in ("for", "form", "aria-labelledby", "aria-describedby", "aria-controls"):
            wrong += [
                f"{attribute}={name!r} points nowhere"
                for name in element.get(attribute).split()
                if name not in ids and (whole_page or attribute == "aria-describedby")
            ]
        if element.tag == "a" and element.get("href").startswith("#") and element["href"][1:] not in ids:
            wrong.append(f"href={element['href']!r} points nowhere")
    return wrong


def buttons(page: Element) -> list[str]:
    """Every button and link says what it does, and every button says that it submits."""
    wrong = [
        f"<{element.tag}> without words"
        for element in page.all("button") + page.all("a")
        if not (element.text or element.get("aria-label"))
    ]
    # What is for a script alone is not there without it.
    sending = [button for button in page.all("button") if not is_for_a_script(button)]
    wrong += [f"button {b.text!r} without type" for b in sending if b.get("type") != "submit"]
    # Without a script a button works because it stands in a form, and a link because it leads somewhere.
    wrong += [
        f"button {button.text!r} outside a form"
        for button in sending
        if not button.get("form") and not any(element.tag == "form" for element in button.ancestors())
    ]
    wrong += [f"a {link.text!r} without href" for link in page.all("a") if not link.get("href")]
    for form in page.all("form"):
        # A public page compares a file and stores nothing: there is nothing to protect.
        if form.get("data-stores") == "nothing":
            continue
        if form.get("method") == "post" and not form.all("input", name="csrfmiddlewaretoken"):
            wrong.append(f"form {form.get('action')!r} without a token")
        if not form.get("action"):
            wrong.append("form without action")
    return wrong


def is_for_a_script(button: Element) -> bool:
    """Whether a button sends nothing, and cannot be seen before a script shows it."""
    around = [button, *button.ancestors()]
    unseen = any("hidden" in each.attributes or "with-script" in each.get("class").split() for each in around)
    return button.get("type") == "button" and unseen


def headings(page: Element) -> list[str]:
    """No level of headings is left out on the way down."""
    levels = [int(element.tag[1]) for element in page.walk() if re.fullmatch("h[1-6]", element.tag)]
    return [f"h{after} follows h{before}" for before, after in pairwise(levels) if after > before + 1]


def titles_of_several(pages: Seen) -> dict[str, set[str]]:
    """Of two open tabs a person can tell which is which: titles that stand on pages of several addresses."""
    titles: dict[str, set[str]] = {}
    for visit, page in pages:
        if visit.status == 200 and visit.data is None and not visit.htmx:
            address = visit.path.split("?")[0]
            titles.setdefault(page.all("title")[0].text, set()).add(address)
    return {title: found for title, found in titles.items() if len(found) > 1}


def test_two_pages_of_one_title_are_noticed() -> None:
    page = read("<html><head><title>ก</title></head></html>")
    pages = [(Visit(name, "", name, None, 200), page) for name in ("/a/", "/b/", "/b/?c")]
    assert titles_of_several(pages) == {"ก": {"/a/", "/b/"}}
    assert titles_of_several(pages[1:]) == {}


@pytest.mark.parametrize(
    "broken",
    [
        "<h1>a</h1><h1>b</h1>",
        '<p id="a"></p><p id="a"></p>',
        '<input name="x" id="x">',
        "<table><tr><td>x</td></tr></table>",
        "<table><caption>x</caption><tr><th>x</th></tr></table>",
        '<label for="nowhere">x</label>',
        '<button type="submit">x</button>',
        '<form action="/" method="post"></form>',
        "<h1>a</h1><h3>b</h3>",
        "<a>x</a>",
    ],
)
def test_the_habits_notice_what_is_wrong(broken: str) -> None:
    """The sweep is worth nothing if it cannot fail."""
    page = read(
        '<html lang="th"><head><title>ก</title><meta name="viewport" '
        'content="width=device-width, initial-scale=1"></head>'
        f'<body><a class="skip" href="#main">ก</a><main id="main">{broken}</main></body></html>'
    )
    if broken.startswith("<h1>a</h1><h1>"):
        assert frame(page, Visit("", "", "", None, 200))
        return
    found: list[Any] = []
    for habit in (unique_ids, labels, tables, references, buttons, headings):
        found += habit(page)
    assert found


def test_the_tree_notices_what_is_not_closed() -> None:
    with pytest.raises(AssertionError, match="is not closed"):
        read("<div><p>x</p>")
    with pytest.raises(AssertionError, match="closes"):
        read("<div><p>x</div>")
    with pytest.raises(AssertionError, match="stands twice"):
        read('<p class="a" class="b">x</p>')
