"""WeasyPrint and pydyf made faster, with the same bytes as a result: what they work out often is kept.

Each replacement is a function of theirs with a memory, or one that leaves out what no report has. They are
known to fit the versions below; of another version nothing is touched, and the log says so. What is kept
belongs to a style, a document or a thread's fonts, never to the process: threads lay pages out side by side.
"""

import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final

import pydyf
import weasyprint

from reports.renderers.faster import boxes, file, lines, memory, styles

logger: Final = logging.getLogger(__name__)

FITS: Final = {"weasyprint": "70.", "pydyf": "0.13."}
FUNCTIONS: Final = (*lines.FUNCTIONS, *boxes.FUNCTIONS, *styles.FUNCTIONS, *file.FUNCTIONS, *memory.FUNCTIONS)
METHODS: Final = (*lines.METHODS, *boxes.METHODS, *styles.METHODS, *file.METHODS, *memory.METHODS)


def fits(weasyprint_version: str, pydyf_version: str) -> bool:
    """Whether the functions below are known to do what those of these versions do."""
    return weasyprint_version.startswith(FITS["weasyprint"]) and pydyf_version.startswith(FITS["pydyf"])


def _places(function: Any) -> Iterator[tuple[Any, str]]:
    """Where a function of theirs is known by a name."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in FITS:
            yield from ((module, own) for own, value in vars(module).items() if value is function)


# Each place with its name, what stood there and what stands there now.
_replaced: Final[list[tuple[Any, str, Any, Any]]] = []


def put_in_place() -> None:
    """Put the functions in the place of theirs."""
    if not _replaced:
        _replaced.extend((*place, old, new) for old, new in FUNCTIONS for place in list(_places(old)))
        _replaced.extend((kind, name, kind.__dict__[name], new) for kind, name, new in METHODS)
    for owner, name, _, new in _replaced:
        setattr(owner, name, new)
    for owner, name, new in memory.ADDED:
        setattr(owner, name, new)


def take_away() -> Callable[[], None]:
    """Leave everything as it comes until what is returned is called; for comparing both."""
    for owner, name, old, _ in _replaced:
        setattr(owner, name, old)
    for owner, name, _ in memory.ADDED:
        delattr(owner, name)
    return put_in_place


def html_reader() -> Any:
    """The class that reads a page, with all of the above in its place where the versions are known."""
    if not fits(weasyprint.__version__, pydyf.__version__):
        logger.warning(
            "WeasyPrint %s with pydyf %s is not known: pages are laid out as they come, which takes longer",
            weasyprint.__version__,
            pydyf.__version__,
        )
        return weasyprint.HTML
    put_in_place()
    return styles.FasterHTML
