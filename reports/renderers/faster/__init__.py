"""WeasyPrint and pydyf made faster, with the same bytes as a result: what they work out again and again is kept.

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

from reports.renderers.faster import boxes, file, lines, styles

logger: Final = logging.getLogger(__name__)

FITS: Final = {"weasyprint": "70.", "pydyf": "0.13."}
FUNCTIONS: Final = (*lines.FUNCTIONS, *boxes.FUNCTIONS, *styles.FUNCTIONS, *file.FUNCTIONS)
METHODS: Final = (*lines.METHODS, *boxes.METHODS, *styles.METHODS, *file.METHODS)


def fits(weasyprint_version: str, pydyf_version: str) -> bool:
    """Whether the functions below are known to do what those of these versions do."""
    return weasyprint_version.startswith(FITS["weasyprint"]) and pydyf_version.startswith(FITS["pydyf"])


def _places(function: Any) -> Iterator[tuple[Any, str]]:
    """Where a function of theirs is known by a name."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in FITS:
            yield from ((module, own) for own, value in vars(module).items() if value is function)


def apply() -> Callable[[], None]:
    """Put the functions in the place of theirs; what is returned takes them away again."""
    before = [(*place, old, new) for old, new in FUNCTIONS for place in list(_places(old))]
    before += [(kind, name, kind.__dict__[name], new) for kind, name, new in METHODS]
    for owner, name, _, new in before:
        setattr(owner, name, new)

    def undo() -> None:
        for owner, name, old, _ in before:
            setattr(owner, name, old)

    return undo


def html_reader() -> type[weasyprint.HTML]:
    """The class that reads a page, with all of the above in its place where the versions are known."""
    if not fits(weasyprint.__version__, pydyf.__version__):
        logger.warning(
            "WeasyPrint %s with pydyf %s is not known: pages are laid out as they come, which takes longer",
            weasyprint.__version__,
            pydyf.__version__,
        )
        return weasyprint.HTML
    apply()
    return styles.FasterHTML
