"""JSON Schema, without its check of addresses in letters beyond ASCII, which no schema here asks for.

To build the grammar of those takes each process of a test run more than a second.
"""

import sys

import pytest

with pytest.MonkeyPatch.context() as patch:
    patch.setitem(sys.modules, "rfc3987_syntax", None)
    from jsonschema import Draft202012Validator, FormatChecker

__all__ = ["Draft202012Validator", "FormatChecker"]
