"""How tests of properties run on a machine that is busy with something else."""

from typing import Final

from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is, not whether the property holds.
on_any_machine: Final = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
