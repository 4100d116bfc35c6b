"""What happens to rounds in the story, by the services that the pages call."""

from contextlib import suppress
from datetime import datetime
from typing import Final

from django.urls import reverse

from accounts.models import User
from reports.demo.clock import acting
from reports.demo.people import as_sample
from reports.demo.stage import Stage
from reports.models import Edition, Round, Submission
from reports.renderers import RendererUnavailable
from reports.rounds.services import NotReady, approve, give_back, publish, submit

NO_PDF: Final = "เครื่องนี้ทำ PDF ไม่ได้ รายงานของข้อมูลตัวอย่างจึงรอการอนุมัติอยู่"


def submitted(round_: Round, officer: User, at: datetime) -> Submission | None:
    """Submit a round at a moment; None where the agency asks for more than the story has."""
    with acting(officer, at), suppress(NotReady):
        return submit(round_, officer)
    return None


def returned(submission: Submission, executive: User, at: datetime, reason: str) -> None:
    """Return a submission at a moment."""
    with acting(executive, at):
        give_back(submission, executive, reason)


def approved(stage: Stage, submission: Submission, executive: User, at: datetime) -> Edition | None:
    """Approve a submission at a moment; None where this machine cannot make the edition's PDF."""
    plan = submission.round.plan
    path = reverse("public_report", args=[plan.agency.slug, plan.fiscal_year, submission.round.months])
    try:
        with acting(executive, at):
            return approve(submission, as_sample(executive), f"{stage.site}{path}", in_background=False)
    except RendererUnavailable:
        if NO_PDF not in stage.notes:
            stage.notes.append(NO_PDF)
        return None


def published(edition: Edition, officer: User, at: datetime) -> None:
    """Publish an edition at a moment."""
    with acting(officer, at):
        publish(edition, officer)
