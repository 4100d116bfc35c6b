"""Who reported, who approved and where a report can be checked, in words: the same in every format."""

import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import segno

from core.thai_calendar import long_date, thai_digits
from reports.document.facts import EditionMark, ReportDocument, Signatory

DRAFT: Final = "ร่าง"
NOT_APPROVED: Final = "ร่าง ยังไม่ได้อนุมัติ"
APPROVED: Final = "อนุมัติแล้ว"
REPORTER: Final = "ผู้รายงาน"
APPROVER: Final = "ผู้อนุมัติ"


def footer(document: ReportDocument) -> str:
    """What stands at the foot of every page, so that a loose one can be traced."""
    mark = document.edition
    state = f"ฉบับที่ {thai_digits(mark.revision)} รหัส {mark.code}" if mark else DRAFT
    parts = (document.agency_short, thai_digits(document.round_name), state, document.sample_note)
    return " · ".join(part for part in parts if part)


def approval_lines(document: ReportDocument) -> Iterator[str]:
    """What stands below a report's title: the day of its facts, and what an approved one says of itself."""
    as_of = f"ข้อมูล ณ วันที่ {_day(document.as_of)}"
    mark = document.edition
    if mark is None:
        yield f"{NOT_APPROVED} · {as_of}"
        return
    yield as_of
    yield " · ".join(_parts(document, mark))
    if mark.correction:
        yield f"แก้ไขจากฉบับก่อน: {mark.correction}"
    yield f"ตรวจสอบได้ที่ {mark.address}"


def _parts(document: ReportDocument, mark: EditionMark) -> Iterator[str]:
    yield f"ฉบับที่ {thai_digits(mark.revision)} รหัส {mark.code}"
    if mark.reported_on:
        yield f"รายงานโดย {named(document.reporter, REPORTER)} เมื่อ {_day(mark.reported_on)}"
    by = named(Signatory(mark.approved_by, mark.approved_post), APPROVER)
    yield f"อนุมัติโดย {by} เมื่อ {_day(mark.approved_on)}"


def named(person: Signatory, role: str) -> str:
    """A person with the post, or what of both is known, or only what the person does."""
    return " ".join(part for part in (person.name, person.post) if part) or role


def signing(document: ReportDocument, blank: str) -> tuple[Sequence[str], Sequence[str]]:
    """The two places at a report's end, line by line: to sign, or who did it in the system.

    Args:
        blank: what stands where something is written by hand.
    """
    mark = document.edition
    if mark is None:
        return _to_sign(document.reporter, REPORTER, blank), _to_sign(document.approver, APPROVER, blank)
    approver = Signatory(mark.approved_by, mark.approved_post)
    reported = _day(mark.reported_on) if mark.reported_on else blank
    return (
        _signed("รายงานในระบบโดย", document.reporter, REPORTER, reported, blank),
        _signed("อนุมัติในระบบโดย", approver, APPROVER, _day(mark.approved_on), blank),
    )


def _to_sign(by: Signatory, role: str, blank: str) -> Sequence[str]:
    return (f"ลงชื่อ {blank} {role}", f"({by.name or blank})", f"ตำแหน่ง {by.post or blank}", f"วันที่ {blank}")


def _signed(did: str, by: Signatory, role: str, day: str, blank: str) -> Sequence[str]:
    post = f"ตำแหน่ง {by.post}" if by.post else role
    return (did, f"({by.name or blank})", post, f"วันที่ {day}")


def qr_picture(address: str) -> bytes:
    """The QR code of an address as PNG, for files that hold pictures."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", scale=6)
    return out.getvalue()


def _day(day: date) -> str:
    return thai_digits(long_date(day))
