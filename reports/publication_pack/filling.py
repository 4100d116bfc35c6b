"""Fills a Word template in. Run by core.budget.in_child for files of offices, imported for the system's own.

Nothing of this project is imported. What a template may say is a short list: a field, a list's rows, a
condition. Anything else of Jinja is refused before it is run; the sandbox stands behind that list, and the
limits of the process behind the sandbox.
"""

import base64
import io
import json
import re
from typing import Any, Final

from docxtpl import DocxTemplate
from jinja2 import Template, TemplateSyntaxError, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

# Of a filled part, in characters of XML.
MAX_FILLED: Final = 8_000_000
MAX_TAGS: Final = 2_000
TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
# Where a line may break, where a word may be cut, what begins a file.
UNSEEN: Final = {0x200B: "", 0xAD: "", 0xFEFF: ""}
CALLED: Final = {"Filter": "|", "Call": "()", "Getitem": "[]"}
LOOP: Final = ("index", "first", "last")
# What may stand in a tag. No call, no filter, no arithmetic, no macro, nothing that is assigned or included.
ALLOWED: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Const,
    nodes.For,
    nodes.If,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
)

Values = dict[str, Any]
"""Texts by the names of fields; a list of rows, each with texts by the names of its columns."""


class Unfillable(Exception):
    """A template that cannot be filled in.

    Args:
        why: syntax, unknown, column, list, text, refused, size, empty or broken.
        name: of the field, or what stands in the template there.
    """

    def __init__(self, why: str, name: str = "") -> None:
        super().__init__(f"{why} {name}")
        self.why = why
        self.name = name[:80]


class _Bounded(Template):
    """Ends where it has made more than a document may hold."""

    def render(self, *args: Any, **options: Any) -> str:
        made: list[str] = []
        size = 0
        for piece in self.generate(*args, **options):
            made.append(piece)
            size += len(piece)
            if size > MAX_FILLED:
                raise Unfillable("size")
        return "".join(made)


class _Environment(ImmutableSandboxedEnvironment):
    template_class = _Bounded

    def __init__(self, values: Values) -> None:
        super().__init__(autoescape=True)
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()
        self.values = values
        self.tags = 0

    def from_string(self, source: Any, *args: Any, **options: Any) -> Template:
        """A template that was looked through."""
        try:
            tree = self.parse(source)
        except TemplateSyntaxError as error:
            raise Unfillable("syntax", _near(source, error.lineno)) from error
        _Look(self.values).at(tree)
        self.tags += sum(1 for _ in tree.find_all((nodes.Name,)))
        if self.tags > MAX_TAGS:
            raise Unfillable("size")
        return super().from_string(tree, *args, **options)


class _Look:
    """Walks through what a template says."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.row: dict[str, Any] | None = None
        self.of_row = ""

    def at(self, node: nodes.Node) -> None:
        """This node and all below it.

        Raises:
            Unfillable: something is not among what a template may say.
        """
        if not isinstance(node, ALLOWED):
            raise Unfillable("refused", _words(node))
        if isinstance(node, nodes.For):
            self._for(node)
        elif isinstance(node, nodes.Getattr):
            self._column(node)
        elif isinstance(node, nodes.Name):
            self._field(node)
        else:
            for child in node.iter_child_nodes():
                self.at(child)

    def _field(self, node: nodes.Name) -> None:
        if node.name not in self.values:
            # A row alone says nothing: one of its columns does.
            raise Unfillable("column" if self.row and node.name == self.of_row else "unknown", node.name)
        if isinstance(self.values[node.name], list):
            raise Unfillable("list", node.name)

    def _column(self, node: nodes.Getattr) -> None:
        whose = node.node.name if isinstance(node.node, nodes.Name) else ""
        if self.row is not None and whose == "loop" and node.attr in LOOP:
            return
        if self.row is None or whose != self.of_row:
            raise Unfillable("refused", f"{whose}.{node.attr}")
        if node.attr not in self.row:
            raise Unfillable("column", f"{whose}.{node.attr}")

    def _for(self, node: nodes.For) -> None:
        over, each = node.iter, node.target
        if self.row is not None or node.recursive or node.test or not isinstance(each, nodes.Name):
            raise Unfillable("refused", "for")
        if not isinstance(over, nodes.Name):
            raise Unfillable("refused", "for")
        if over.name not in self.values:
            raise Unfillable("unknown", over.name)
        rows = self.values[over.name]
        if not isinstance(rows, list):
            raise Unfillable("text", over.name)
        if each.name in self.values or each.name == "loop":
            raise Unfillable("refused", f"for {each.name}")
        self.row, self.of_row = rows[0] if rows else {}, each.name
        for child in (*node.body, *node.else_):
            self.at(child)
        self.row = None


class _Word(DocxTemplate):  # type: ignore[misc]
    """A template whose tags may hold what Word and Thai keyboards put into them unseen."""

    def patch_xml(self, src_xml: str) -> str:
        patched: str = super().patch_xml(src_xml)
        return _in_tags(patched)


def fill(template: bytes, values: Values) -> bytes:
    """The document with each field filled in.

    Raises:
        Unfillable: why it is not.
    """
    environment = _Environment(values)
    try:
        word = _Word(io.BytesIO(template))
        word.render(values, environment)
        out = io.BytesIO()
        word.save(out)
    except (Unfillable, MemoryError):
        raise
    except TemplateError as error:
        raise Unfillable("syntax") from error
    except Exception as error:
        # Whatever a library says of a file that is not as it should be.
        raise Unfillable("broken") from error
    if not environment.tags:
        raise Unfillable("empty")
    return out.getvalue()


def _in_tags(xml: str) -> str:
    """Without signs that nobody sees, and with one spelling of ำ and แ, in what stands in braces."""
    return TAG.sub(lambda found: _cleaned(found[0]), xml)


def _cleaned(tag: str) -> str:
    return tag.translate(UNSEEN).replace("\u0e4d\u0e32", "\u0e33").replace("เเ", "แ")


def _words(node: nodes.Node) -> str:
    """How a node is named for whoever wrote it."""
    names = [each.name for each in node.find_all(nodes.Name)]
    if isinstance(node, nodes.Name):
        names = [node.name]
    kind = type(node).__name__
    return " ".join(dict.fromkeys([*names[:2], CALLED.get(kind, kind.lower())]))


def _near(source: str, line: int) -> str:
    """The text of a line of XML and of its neighbours, without the XML."""
    lines = source.splitlines()[max(line - 1, 0) : line + 1]
    text = re.sub(r"<[^>]*>?", "", " ".join(lines))
    tag = re.search(r"\{[{%#].{0,60}", text)
    return (tag[0] if tag else text).strip()


def answer(data: bytes) -> str:
    """To a template and values: the document, or why there is none."""
    asked = json.loads(data)
    try:
        filled = fill(base64.b64decode(asked["template"]), asked["values"])
    except Unfillable as error:
        return json.dumps({"why": error.why, "name": error.name})
    return json.dumps({"document": base64.b64encode(filled).decode()})
