"""Plans as they really look: documents that differ in structure, each with the plan that is in it."""

from typing import Final

from tests.measures.plan_import.looks import (
    heads,
    indicators,
    other_rows,
    run_on,
    statuses,
    texts,
    times,
    web,
)

DOCUMENTS: Final = (
    *run_on.DOCUMENTS,
    *statuses.DOCUMENTS,
    *times.DOCUMENTS,
    *indicators.DOCUMENTS,
    *other_rows.DOCUMENTS,
    *heads.DOCUMENTS,
    *web.DOCUMENTS,
    *texts.DOCUMENTS,
)
