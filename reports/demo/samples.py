"""Made agencies, for measuring at scale: the seed report's measures under other names and other statuses.

Each agency's data follows from its number alone, so the same number is the same data on every machine.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Final

from django.db import transaction

from accounts.models import Agency, Division
from core.thai_calendar import FiscalYear
from measures.indicators import load_indicators
from measures.models import Indicator, Plan
from measures.status import Status
from reports.demo.drafts import (
    Draft,
    SeedMeasure,
    SeedStep,
    draft_measures,
    insert,
    insert_drafts,
    noon,
)
from reports.demo.real_report import SeedReport, read_report
from reports.models import Round

# Agencies in one transaction: large enough for fast inserts, small enough to keep all of them in memory.
BATCH: Final = 100
SLUG_PREFIX: Final = "sample-"
PLACE_IN_SEED: Final = "กองก้อย"
PROVINCES: Final = (
    "กาฬสินธุ์",
    "ขอนแก่น",
    "จันทบุรี",
    "ชัยภูมิ",
    "เชียงใหม่",
    "ตรัง",
    "นครพนม",
    "น่าน",
    "ปัตตานี",
    "พะเยา",
    "มหาสารคาม",
    "แม่ฮ่องสอน",
    "ลำปาง",
    "สงขลา",
    "สุรินทร์",
    "อ่างทอง",
)
# What a year's end looks like: most is done, little is cancelled.
STATUSES: Final = {
    Status.DONE: 60,
    Status.IN_PROGRESS: 25,
    Status.NOT_STARTED: 10,
    Status.CANCELLED: 5,
}
# The sample's year is over, so whatever is unfinished is late and has to say why.
REASONS: Final = {
    Status.IN_PROGRESS: (
        "ล่าช้าเพราะรอความเห็นชอบจากสภาท้องถิ่น",
        "ล่าช้าเพราะบุคลากรโอนย้ายระหว่างปี",
        "ล่าช้าเพราะต้องปรับแก้เอกสารตามข้อเสนอแนะ",
    ),
    Status.NOT_STARTED: (
        "ยังไม่ได้รับจัดสรรงบประมาณ",
        "รอแต่งตั้งคณะทำงาน",
        "ผู้รับผิดชอบยังไม่รายงานผล",
    ),
    Status.CANCELLED: (
        "ยกเลิกเพราะรวมกับมาตรการอื่น",
        "ยกเลิกเพราะงบประมาณไม่เพียงพอ",
    ),
}
RESULT_OF_DONE: Final = "ดำเนินการครบทุกขั้นตอนและเผยแพร่บนเว็บไซต์ของหน่วยงานแล้ว"


def seed_agencies(count: int) -> int:
    """Make sure that the sample agencies 1 to count are there; returns how many had to be added.

    Added in batches, each whole or not at all: a run that was interrupted is finished by running it again.
    """
    report = read_report()
    indicators = load_indicators()
    known = set(Agency.objects.filter(slug__startswith=SLUG_PREFIX).values_list("slug", flat=True))
    missing = [number for number in range(1, count + 1) if slug(number) not in known]
    for start in range(0, len(missing), BATCH):
        add_agencies(missing[start : start + BATCH], report, indicators)
    return len(missing)


def slug(number: int) -> str:
    return f"{SLUG_PREFIX}{number}"


@transaction.atomic
def add_agencies(numbers: Sequence[int], report: SeedReport, indicators: Mapping[int, Indicator]) -> None:
    """Insert agencies of these numbers with their divisions, plan, rounds and measures."""
    year = FiscalYear(report["fiscal_year"])
    agencies = {number: _agency(number) for number in numbers}
    divisions = {
        number: {
            name: Division(agency=agency, name=name, position=place)
            for place, name in enumerate(report["divisions"], 1)
        }
        for number, agency in agencies.items()
    }
    plans = {number: Plan(agency=agency, fiscal_year=year.number) for number, agency in agencies.items()}
    rounds = [Round(plan=plan, months=months) for plan in plans.values() for months in report["rounds"]]
    drafts = [
        draft
        for number in numbers
        for draft in _drafts(number, plans[number], report["measures"], indicators, divisions[number])
    ]
    at = noon(year.end)
    insert(list(agencies.values()), at)
    insert([division for by_name in divisions.values() for division in by_name.values()], at)
    insert(list(plans.values()), at)
    insert(rounds, at)
    insert_drafts(drafts, at)


def place(number: int) -> str:
    """The name that stands where the seed report names its own subdistrict."""
    return f"ตัวอย่าง {number}"


def _agency(number: int) -> Agency:
    return Agency(
        name=f"องค์การบริหารส่วนตำบล{place(number)}",
        short_name=f"อบต.{place(number)}",
        slug=slug(number),
        province=PROVINCES[number % len(PROVINCES)],
    )


def _drafts(
    number: int,
    plan: Plan,
    seeds: Sequence[SeedMeasure],
    indicators: Mapping[int, Indicator],
    divisions: Mapping[str, Division],
) -> list[Draft]:
    random = Random(number)  # noqa: S311 - chance for variety, not for secrecy
    renamed = [_renamed(seed, number) for seed in seeds]
    drafts = draft_measures(plan, renamed, indicators, divisions)
    for draft in drafts:
        _report(draft, plan.year, random)
    return drafts


def _renamed(seed: SeedMeasure, number: int) -> SeedMeasure:
    name = place(number)

    def rename(step: SeedStep) -> SeedStep:
        renamed = SeedStep(text=step["text"].replace(PLACE_IN_SEED, name))
        if "steps" in step:
            renamed["steps"] = [rename(substep) for substep in step["steps"]]
        return renamed

    return seed | {
        "title": seed["title"].replace(PLACE_IN_SEED, name),
        "steps": [rename(step) for step in seed["steps"]],
    }


def _report(draft: Draft, year: FiscalYear, random: Random) -> None:
    """Give a measure some status of a year's end, with what such a status has to come with."""
    measure = draft.measure
    measure.status = random.choices(list(STATUSES), list(STATUSES.values()))[0]
    reported_on = _day_in(year, random)
    measure.reported_at = noon(reported_on)
    if measure.status == Status.DONE:
        measure.result = RESULT_OF_DONE
        draft.mark_done(reported_on)
        return
    measure.status_reason = random.choice(REASONS[Status(measure.status)])
    if measure.status == Status.IN_PROGRESS:
        draft.mark_done(reported_on, first=random.randrange(len(draft.steps)))


def _day_in(year: FiscalYear, random: Random) -> date:
    return year.start + timedelta(days=random.randrange((year.end - year.start).days + 1))
