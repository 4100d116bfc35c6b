"""The words of a reminder: plain text in Thai with Arabic digits and whole addresses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import Division, User
from core.thai_calendar import long_date, short_date
from measures.models import Measure
from reports.reminders.owed import RemindedRound
from reports.rounds.reminder import reminder
from reports.rounds.selectors import Waiting

Owed = Sequence[tuple[Division, Sequence[Measure]]]
# Of a division: more is counted, and found behind the address.
MAX_TITLES: Final = 20
MAX_LINE: Final = 4_500
"""Letters; LINE takes 5,000 in a message."""
STOP: Final = "reminders.stop"
END: Final = ("", "ระบบส่งข้อความนี้โดยอัตโนมัติ ไม่ต้องตอบกลับ")


@dataclass(frozen=True)
class Message:
    """What is sent; a group sees no subject."""

    subject: str
    text: str


def whole_address(name: str, *args: object) -> str:
    """The address of a page as a message has to name it: under PUBLIC_URL."""
    return f"{settings.PUBLIC_URL}{reverse(name, args=list(args))}"


def stop_address(person: User) -> str:
    """Where a person says that they want no more reminders, without signing in."""
    return whole_address("stop_reminders", signing.dumps(person.pk, salt=STOP))


def with_way_out(text: str, person: User) -> str:
    """A text as it is sent to a person: the way to turn reminders off is for nobody else to see."""
    return "\n".join([text, "ไม่ต้องการรับการเตือนทางอีเมล เปิดที่อยู่นี้แล้วกดยืนยัน", stop_address(person)])


def staff_message(person: User, rounds: Sequence[tuple[RemindedRound, Owed]], today: date) -> Message:
    """To who reports for divisions: what these owe."""
    count = len({measure.pk for _, owed in rounds for _, measures in owed for measure in measures})
    lines = [f"เรียน {person.get_full_name()}", ""]
    for round_, owed in rounds:
        lines += [f"มาตรการที่รอรายงานจากส่วนราชการของท่าน {_round(round_, today)}"]
        lines += _listed(owed, today)
        lines += [""]
    lines += ["รายงานผลได้ที่", whole_address("work"), *END]
    return Message(_subject(f"รอรายงาน {count} มาตรการ", rounds[0][0], today), "\n".join(lines))


def officer_message(person: User, rounds: Sequence[tuple[RemindedRound, Owed]], today: date) -> Message:
    """To the officer: which divisions owe what."""
    count = len({division.pk for _, owed in rounds for division, _ in owed})
    lines = [f"เรียน {person.get_full_name()}", ""]
    for round_, owed in rounds:
        lines += [f"ส่วนราชการที่มีมาตรการรอรายงาน {_round(round_, today)}"]
        lines += _listed(owed, today)
        lines += [
            "",
            "ดูและส่งรายงานของรอบนี้ได้ที่",
            whole_address("report", round_.round.plan.fiscal_year, round_.round.months),
            "",
        ]
    lines += ["ดูว่าระบบเตือนใครแล้วบ้างได้ที่", whole_address("reminders"), *END]
    return Message(_subject(f"รอรายงานจาก {count} ส่วนราชการ", rounds[0][0], today), "\n".join(lines))


def group_message(rounds: Sequence[RemindedRound], today: date) -> Message:
    """To the agency's group: the text that the officer would copy, a round each, with the site's address."""
    parts = []
    for round_ in rounds:
        divisions = list({owed.division_id: owed.division for owed in round_.owed}.values())
        waiting = [Waiting(division, measures) for division, measures in round_.of(divisions)]
        text = reminder(round_.round, waiting)
        if len(text) > MAX_LINE // len(rounds):
            counts = [f"{found.division.name} {len(found.measures)} มาตรการ" for found in waiting]
            text = "\n".join([f"ส่วนราชการที่มีมาตรการรอรายงาน {_round(round_, today)}", *counts])
        parts.append(text[: MAX_LINE // len(rounds)])
    parts.append(f"รายงานผลได้ที่ {whole_address('home')}")
    return Message(_subject("รอรายงาน", rounds[0], today), "\n\n".join(parts))


def _round(round_: RemindedRound, today: date) -> str:
    """รอบ 6 เดือน ปีงบประมาณ พ.ศ. 2566 ภายในวันที่ 31 มีนาคม 2566 (อีก 7 วัน)"""
    which = f"รอบ {round_.round.months} เดือน ปีงบประมาณ พ.ศ. {round_.round.plan.fiscal_year}"
    return f"{which} ภายในวันที่ {long_date(round_.deadline)} ({_near(round_.deadline, today)})"


def _near(deadline: date, today: date) -> str:
    days = (deadline - today).days
    if days > 0:
        return f"อีก {days} วัน"
    return "วันนี้" if days == 0 else f"เลยกำหนดแล้ว {-days} วัน"


def _subject(said: str, round_: RemindedRound, today: date) -> str:
    until = f"ภายใน {short_date(round_.deadline)}"
    return f"ITA: {said} รอบ {round_.round.months} เดือน {until} ({_near(round_.deadline, today)})"


def _listed(owed: Owed, today: date) -> Iterator[str]:
    for division, measures in owed:
        yield ""
        yield division.name
        for measure in measures[:MAX_TITLES]:
            yield f"- {measure.title}{_since(measure.due_on, today)}"
        if (more := len(measures) - MAX_TITLES) > 0:
            yield f"- และอีก {more} มาตรการ"


def _since(due_on: date | None, today: date) -> str:
    """Since when what is owed is late; empty where it is not."""
    return f" (เกินกำหนดตั้งแต่ {short_date(due_on)})" if due_on and due_on < today else ""
