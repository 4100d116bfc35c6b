"""Indicators by what was said of their headings, now or at an earlier import, and the headings in doubt."""

from collections.abc import Sequence
from dataclasses import replace

from measures.plan_import.choices import Choices, ImportedHeading
from measures.plan_import.model import Finding, Severity
from measures.plan_import.understanding import sentences
from measures.plan_import.understanding.indicator_names import COUNT, NamedIndicator, likeliest
from measures.plan_import.understanding.raw import RawMeasure
from measures.plan_import.understanding.spelling import folded


def named_by_words(
    raws: Sequence[RawMeasure], choices: Choices, findings: list[Finding]
) -> tuple[ImportedHeading, ...]:
    """Give measures the indicators that were said of their headings; the headings that were in doubt.

    Args:
        raws: in the order of the file; their indicators become what was said.
        findings: what is remembered is added to it.
    """
    found: dict[str, ImportedHeading] = {}
    run = ""
    for raw in raws:
        own = raw.indicator or NamedIndicator(None, "")
        run = "" if own.number or own.heading else run or f"@{raw.key}"
        key = folded(own.heading) or run
        said, learned = choices.said.indicators.get(key), choices.learned.indicators.get(key)
        if not key or (own.number and not own.doubt and not said and learned in {None, own.number}):
            continue
        heading = found.get(key)
        if heading is None:
            number = said or learned or own.number
            heading = ImportedHeading(
                key,
                own.heading,
                raw.table,
                raw.row,
                0,
                number,
                None if number else likeliest(own.heading),
                own.doubt or sentences.NO_INDICATOR,
                remembered=bool(learned and not said),
                answered=bool(said),
            )
            if heading.remembered:
                findings.append(_remembered(heading, own))
        found[key] = replace(heading, measures=heading.measures + 1)
        if heading.number and (heading.answered or heading.remembered):
            raw.indicator = replace(own, number=min(heading.number, COUNT), doubt=_doubt(heading, own))
    return tuple(found.values())


def _doubt(heading: ImportedHeading, own: NamedIndicator) -> str:
    """What a person has to look at: what is remembered is not what the heading says today."""
    if not heading.remembered or own.doubt or own.number in {None, heading.number}:
        return ""
    return sentences.INDICATOR_REMEMBERED_OTHER.format(number=heading.number, other=own.number)


def _remembered(heading: ImportedHeading, own: NamedIndicator) -> Finding:
    message = _doubt(heading, own) or sentences.INDICATOR_REMEMBERED.format(number=heading.number)
    return Finding(Severity.NOTE, heading.table, heading.row, "", heading.text, message)
