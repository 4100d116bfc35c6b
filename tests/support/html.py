"""A page as tests read it: a small tree of its elements, so that a test asks for what a person would see."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final, Protocol

# Elements that have no end tag; the shapes of an svg close themselves.
VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


@dataclass(eq=False)
class Element:
    """An element with its attributes and what stands in it."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: "list[Element | str]" = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str) -> str:
        """An attribute, empty where there is none."""
        return self.attributes.get(name, "")

    @property
    def text(self) -> str:
        """All text in it as it reads, runs of white space as one space."""
        return " ".join(self._raw_text().split())

    def _raw_text(self) -> str:
        return "".join(child if isinstance(child, str) else child._raw_text() for child in self.shown)

    @property
    def shown(self) -> "list[Element | str]":
        """What stands in it; of a template, which is for scripts, nothing is on the page."""
        return [] if self.tag == "template" else self.children

    @property
    def value(self) -> str:
        """What a form control would send: its value, the chosen option, or the text of a textarea."""
        if self.tag == "select":
            options = self.all("option")
            chosen = [option for option in options if "selected" in option.attributes] or options[:1]
            return chosen[0].get("value") if chosen else ""
        if self.tag == "textarea":
            # As a browser reads it: without the line feed that Django puts first, every line end as LF.
            return self._raw_text().removeprefix("\n").removeprefix("\r\n").replace("\r\n", "\n")
        if self.get("type") in ("radio", "checkbox"):
            return self.attributes.get("value", "on")
        return self.get("value")

    def walk(self) -> Iterator["Element"]:
        """It and everything in it, in the order of the page."""
        # Without a generator in a generator for each level: a page is walked a hundred times.
        ahead = [self]
        while ahead:
            element = ahead.pop()
            yield element
            if element.children and element.tag != "template":
                ahead += [child for child in reversed(element.children) if isinstance(child, Element)]

    def all(self, tag: str = "", class_: str = "", **attributes: str) -> "list[Element]":
        """The elements in it with a tag, a class and attributes (hyphens written as underscores)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        found = self.walk() if not tag else (element for element in self.walk() if element.tag == tag)
        if class_:
            found = (element for element in found if class_ in element.get("class").split())
        if wanted:
            found = (each for each in found if wanted.items() <= each.attributes.items())
        return list(found)

    def one(self, tag: str = "", class_: str = "", **attributes: str) -> "Element":
        """The only such element."""
        found = self.all(tag, class_, **attributes)
        assert len(found) == 1, f"{len(found)} of {tag} {class_} {attributes} in {self.text[:200]!r}"
        return found[0]

    def ancestors(self) -> "Iterator[Element]":
        element = self.parent
        while element is not None:
            yield element
            element = element.parent

    def form_data(self) -> dict[str, str | list[str]]:
        """What a browser would send for the form: every named control, without the buttons."""
        data: dict[str, list[str]] = {}
        for control in self.walk():
            name = control.get("name")
            if not name or control.tag not in ("input", "select", "textarea"):
                continue
            if control.get("type") in ("radio", "checkbox") and "checked" not in control.attributes:
                continue
            if control.tag == "select" and "multiple" in control.attributes:
                # All that are chosen, which may be none.
                if chosen := [
                    each.get("value") for each in control.all("option") if "selected" in each.attributes
                ]:
                    data.setdefault(name, []).extend(chosen)
                continue
            data.setdefault(name, []).append(control.value)
        return {name: values[0] if len(values) == 1 else values for name, values in data.items()}


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.here = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute stands twice in <{tag}>: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.here.tag == tag, f"</{tag}> closes <{self.here.tag}>"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


class HasContent(Protocol):
    """A response, whatever the test client has put around it."""

    content: bytes


def read(response: HasContent | str) -> Element:
    """The tree of a page or fragment; an element that is not closed fails the test."""
    builder = _Builder()
    builder.feed(response if isinstance(response, str) else response.content.decode())
    builder.close()
    assert builder.here is builder.root, f"<{builder.here.tag}> is not closed"
    return builder.root
