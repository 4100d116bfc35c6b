"""The small agency is made once for each module of this folder."""

from tests.support.small_world import agency, indicators, people, plan, small_world

__all__ = ["agency", "indicators", "people", "plan", "small_world"]
