"""What other rooms have to say on the pages of a plan: rounds that were submitted are known to reports alone,
which this room may not import. They register here, and the pages ask here.
"""

from collections.abc import Callable, Iterable, Sequence

from measures.models import Plan

Source = Callable[[Plan], Iterable[str]]

_SOURCES: list[Source] = []


def register(source: Source) -> Source:
    """Add a source of Thai sentences about a plan; each may ask the database once. Works as a decorator."""
    _SOURCES.append(source)
    return source


def notices_of(plan: Plan) -> Sequence[str]:
    """What there is to say about a plan."""
    return [sentence for source in _SOURCES for sentence in source(plan)]
