"""How a measure of the story stands at a moment, for agencies whose reports are not played one by one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from measures.status import Status
from reports.demo.story import Told, ToldEvent, ToldEvidence


@dataclass(frozen=True)
class Standing:
    """What has been reported of a measure up to a moment."""

    status: str = Status.NOT_STARTED
    reason: str = ""
    result: str = ""
    obstacle: str = ""
    ticked: dict[str, date] = field(default_factory=dict)
    reported_at: datetime | None = None
    evidence: Sequence[tuple[ToldEvidence, date]] = ()


def standing(measure: Told, events: Iterable[ToldEvent], until: datetime) -> Standing:
    """How a measure stands once all its events up to a moment have happened."""
    stands = Standing()
    for event in events:
        if event.at <= until:
            stands = _after(stands, measure, event)
    return stands


def _after(stands: Standing, measure: Told, event: ToldEvent) -> Standing:
    on = event.at.date()
    numbers = [number for number, _, _ in measure.steps] if event.status == Status.DONE else event.ticks
    return replace(
        stands,
        status=stands.status if event.status is None else event.status,
        reason=stands.reason if event.reason is None else event.reason,
        result=stands.result if event.result is None else event.result,
        obstacle=stands.obstacle if event.obstacle is None else event.obstacle,
        ticked=dict.fromkeys(numbers, on) | stands.ticked,
        reported_at=event.at,
        evidence=[*stands.evidence, *((told, on) for told in event.evidence)],
    )
