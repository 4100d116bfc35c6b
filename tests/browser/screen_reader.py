"""A page as a screen reader is given it: Chromium's accessibility tree as text, a line for each thing."""

from collections.abc import Iterator
from typing import Any, Final

from playwright.sync_api import Page

# Boxes that say nothing of themselves, and text that its parent's name says already.
SILENT: Final = frozenset(
    {"none", "generic", "InlineTextBox", "LayoutTable", "LayoutTableRow", "LayoutTableCell"}
)
NAMED_BY_CONTENT: Final = frozenset({"link", "button", "heading", "option", "summary", "DisclosureTriangle"})
STATES: Final = ("level", "checked", "expanded", "required", "invalid", "disabled", "pressed", "selected")


def spoken(page: Page) -> str:
    """What a screen reader is told of the page that is open."""
    cdp = page.context.new_cdp_session(page)
    nodes: dict[str, Any] = {
        node["nodeId"]: node for node in cdp.send("Accessibility.getFullAXTree")["nodes"]
    }
    cdp.detach()
    root = next(node for node in nodes.values() if node.get("parentId") is None)
    return "\n".join(_lines(root, nodes, 0)) + "\n"


def _lines(node: dict[str, Any], nodes: dict[str, Any], depth: int) -> Iterator[str]:
    role = node.get("role", {}).get("value", "none")
    name = " ".join(str(node.get("name", {}).get("value", "")).split())
    says = not node.get("ignored") and role not in SILENT and (name or role != "StaticText")
    if says:
        states = [
            f"{each['name']}={value}"
            for each in node.get("properties", ())
            if each["name"] in STATES and (value := each["value"].get("value")) not in (False, "false", None)
        ]
        value = " ".join(str(node.get("value", {}).get("value", "")).split())
        words = [role, *([f"“{name}”"] if name else []), *([f"= {value}"] if value else []), *states]
        yield "  " * depth + " ".join(words)
    for key in node.get("childIds", ()):
        child = nodes.get(key)
        if child is None or (role in NAMED_BY_CONTENT and child.get("role", {}).get("value") == "StaticText"):
            continue
        yield from _lines(child, nodes, depth + 1 if says else depth)
