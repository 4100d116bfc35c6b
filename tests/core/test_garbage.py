"""Python's search for unused objects in a process that serves."""

import subprocess
import sys

PROGRAM = """
import gc
from core.garbage import YOUNG, search_less_often
search_less_often()
class Node: pass
def circle():
    node = Node(); node.own = node; return node
import weakref
unused = weakref.ref(circle())
before = [circle() for _ in range(10)] and None
kept = [[] for _ in range(YOUNG + 10_000)]
print(gc.isenabled(), gc.get_freeze_count() > 1000, gc.get_threshold()[0] > 700, unused() is None)
"""


def test_it_goes_on_and_leaves_out_what_is_loaded() -> None:
    """In a process of its own: it is set for good."""
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["True"] * 4
