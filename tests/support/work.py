"""How much work something takes, counted so that a busy machine gives the same answer as an idle one."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Final

# CPU seconds. What is bounded takes a hundredth of this, what is not takes many times as much.
WITHOUT_END: Final = 60


def calls(action: Callable[[], object]) -> int:
    """How many functions an action calls, those written in C included."""
    count = 0

    def watch(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        action()
    finally:
        sys.setprofile(before)
    return count
