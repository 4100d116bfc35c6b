"""These tests begin with an empty site."""

import pytest


@pytest.fixture(scope="module")
def small_world() -> bool:
    """Nothing is there for all tests of a module."""
    return False
