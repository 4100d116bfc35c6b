"""Python's search for unused objects, set once for a process that serves for a long time."""

import gc
from typing import Final

# Objects made and not yet let go of before young ones are searched; Python's own 700 search a page of a
# report a hundred times while it is laid out, and everything in the process with it now and then. A report of
# ten measures makes fewer; of what they take, about 10 MB, no more than that waits to be given back.
YOUNG: Final = 200_000


def search_less_often() -> None:
    """Leave out what is loaded so far, for good, and search what comes later less often.

    It is set for the process and never again, not around what is slow: other threads work meanwhile. The
    search goes on, so that memory has a bound. To be called when all is loaded that stays.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
