"""How templates are written: short lines, few tags on each, and on every partial what it takes."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings

TEMPLATES: Final = Path(settings.BASE_DIR) / "templates"
MAX_COLUMNS: Final = 120
MAX_TAGS: Final = 2

# The settings of htmx are one attribute, which white space would not make easier to read.
LONG_BY_NATURE: Final = {"base.html": "includeIndicatorStyles"}

NOT_SHOWN: Final = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}")
OPENING_TAG: Final = re.compile(r"<[a-zA-Z]")


def wrong_lines(name: str, text: str) -> Iterator[str]:
    """What is wrong with the lines of one template."""
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > MAX_COLUMNS and LONG_BY_NATURE.get(name, "\n") not in line:
            yield f"{name}:{number} has {len(line)} columns"
        if len(OPENING_TAG.findall(NOT_SHOWN.sub("", line))) > MAX_TAGS:
            yield f"{name}:{number} opens more than {MAX_TAGS} tags"
        if "\t" in line or line != line.rstrip() or (len(line) - len(line.lstrip())) % 2:
            yield f"{name}:{number} is not indented by twos, or ends in white space"
    if not text.endswith("\n"):
        yield f"{name} does not end its last line"


def wrong_partial(name: str, text: str) -> Iterator[str]:
    """A partial begins with a comment that names what it takes of its context."""
    comment = re.match(r"\{#(.*?)#\}|\{% comment %\}(.*?)\{% endcomment %\}", text, re.DOTALL)
    if comment is None or "Takes " not in comment[0]:
        yield f"{name} does not begin with what it takes"


def is_partial(name: str) -> bool:
    path = Path(name)
    return path.name.startswith("_") or path.parent.name == "parts"


def test_templates_keep_the_format() -> None:
    wrong: list[str] = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        name, text = path.relative_to(TEMPLATES).as_posix(), path.read_text(encoding="utf-8")
        wrong += wrong_lines(name, text)
        if is_partial(name):
            wrong += wrong_partial(name, text)
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        "<p>" + "ก" * 118 + "\n",
        "<p><b><i>x</i></b></p>\n",
        "<ul>\n\t<li>x</li>\n</ul>\n",
        "<ul>\n   <li>x</li>\n</ul>\n",
        "<p>x</p> \n",
        "<p>x</p>",
    ],
)
def test_the_format_notices_what_is_wrong(text: str) -> None:
    assert list(wrong_lines("page.html", text))


def test_a_tag_in_a_comment_is_no_tag() -> None:
    assert not list(wrong_lines("page.html", "{# <a><b><i> #}<p>{{ x }}</p>\n"))


@pytest.mark.parametrize("text", ["<p>x</p>\n", "{# A paragraph. #}\n<p>x</p>\n", "<p>x</p>{# Takes x. #}\n"])
def test_a_partial_without_its_contract_is_noticed(text: str) -> None:
    assert list(wrong_partial("_part.html", text))
