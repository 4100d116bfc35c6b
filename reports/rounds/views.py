"""The reports of an agency: the list of rounds, one round with what can be done to it, files to download."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import can_see_private_evidence
from accounts.request import Request
from measures.access import newest_plan
from measures.status import Status
from reports.access import (
    can_approve_round,
    can_attach_scan,
    can_see_scan,
    can_submit_round,
    get_round,
    rounds_in_view,
)
from reports.document.annex import annex
from reports.document.builder import build_document, measures_of
from reports.document.facts import ReportDocument
from reports.document.personal_data import PersonalDataPlace
from reports.document.redaction import for_everybody
from reports.models import Edition, OitAnswer, Publication, Round, RoundState, Submission
from reports.renderers import FORMATS
from reports.rounds.comparison import differences
from reports.rounds.edition_files import files_standing
from reports.rounds.exposure import REASON, exposures, hidden_since
from reports.rounds.forms import OitForm, ReasonForm
from reports.rounds.history import events_of
from reports.rounds.listing import by_year
from reports.rounds.oit import oit_row
from reports.rounds.reminder import reminder
from reports.rounds.selectors import (
    as_seen_by,
    closes_plan,
    document_of,
    gaps_of,
    last_submission,
    newest_edition,
    pending_submission,
    personal_data_in,
    stored_files,
    told_before,
    waiting_for,
)
from reports.rounds.standing import standing_of, steps_of
from reports.signed_scan.forms import ScanForm
from reports.signed_scan.selectors import scans_of


@require_safe
def reports(request: Request) -> HttpResponse:
    """All rounds of the agency, newest year first."""
    if newest_plan(request) is None:
        return redirect("no_plan")
    years = by_year(rounds_in_view(request), request.user, timezone.localdate())
    return render(request, "reports/rounds/list.html", {"listed_years": years})


@require_safe
def preview(request: Request, year: int, months: int) -> HttpResponse:
    """The report as it is printed, and what can be done to its round."""
    return round_page(request, get_round(request, year, months))


def round_page(
    request: Request, round_: Round, more: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The page of a round: its report, where it stands, and what the person may do next.

    Args:
        more: what an action has to say: problem (a Thai sentence), question, or the form that was refused.
    """
    context: dict[str, Any] = {
        "round": round_,
        "downloads": [(report_format, None) for report_format in FORMATS.values()],
        "submits": can_submit_round(request.user, round_),
        "approves": can_approve_round(request.user, round_),
        "reason_form": ReasonForm(),
        "corrects": "correct" in request.GET,
        "closes_plan": False,
        "question": None,
        "returns": "return" in request.GET,
        "edition": None,
        "earlier": (),
        "files": None,
        "exposures": (),
        "annex": (),
        "hidden_since": (),
        "as_published": False,
        "pending": None,
        "still_public": None,
        "problem": "",
        "gaps": (),
        "waiting": (),
        "differences": None,
        "personal_data": None,
        "compares": "changes" in request.GET,
        "scans": (),
        "scan_form": None,
        "oit_form": None,
        "oit_row": None,
    }
    if round_.state == RoundState.APPROVED:
        context |= _approved_round(request, round_, is_officer=context["submits"])
    elif round_.state == RoundState.SUBMITTED:
        context["pending"] = pending = pending_submission(round_)
        context["document"] = document_of(pending) if pending else build_document(round_)
        context["hidden_since"] = hidden_since(context["document"])
        context["closes_plan"] = closes_plan(round_)
    else:
        context |= _open_round(round_, is_officer=context["submits"])
        # While a correction is under way what was published stays published.
        published = round_.editions.published().select_related("publication").order_by("-revision")
        context["still_public"] = published.first() if round_.edition_count else None
    context["document"] = as_seen_by(request.user, round_, context["document"])
    context |= _standing(round_, context)
    if round_.edition_count and (context["submits"] or context["approves"]):
        context["exposures"] = list(exposures(round_.editions.standing().order_by("revision")))
        if context["exposures"] and "correct" in request.GET:
            context["reason_form"] = ReasonForm(initial={"reason": REASON})
    if round_.state != RoundState.APPROVED:
        context |= _leaving(request, context["document"])
    if context["submits"] or context["approves"]:
        context["personal_data"] = _personal_data(context)
    corrected = round_.state == RoundState.SUBMITTED and round_.edition_count
    # A correction that waits for approval is compared with what it corrects, whoever asks.
    if (corrected or context["compares"]) and (before := told_before(round_, request.user)):
        context["before"] = before
        context["differences"] = differences(
            as_seen_by(request.user, round_, document_of(before)), context["document"]
        )
    context |= more or {}
    return render(request, "reports/rounds/round.html", context, status=status)


def _standing(round_: Round, context: Mapping[str, Any]) -> dict[str, Any]:
    """Where the round stands and the steps of its life; a query for who submitted it last, if anybody did."""
    today = timezone.localdate()
    last: Submission | None = context["pending"]
    if last is None and (round_.edition_count or round_.was_submitted):
        last = last_submission(round_)
    edition = context["edition"] or context["still_public"]
    document: ReportDocument = context["document"]
    measures = document.measure_count
    return {
        "done": sum(measure.status == Status.DONE for measure in document.measures),
        "standing": standing_of(round_, today),
        "steps": steps_of(
            round_,
            measures=measures,
            last=last,
            edition=edition,
            scan=next(iter(context["scans"]), None),
            today=today,
        ),
        "is_over": today > round_.ends_on,
    }


def _approved_round(request: Request, round_: Round, *, is_officer: bool) -> dict[str, Any]:
    edition = newest_edition(round_)
    if edition is None:
        return {"document": build_document(round_)}
    edition.round = round_
    kept = stored_files(edition)
    found: dict[str, Any] = {
        "edition": edition,
        "files": files_standing(edition, len(kept)),
        "earlier": _earlier(edition),
        "document": document_of(edition),
        "downloads": [(FORMATS[name], size) for name, (size, _) in kept.items()],
        "signature": kept["pdf"][1] if "pdf" in kept else None,
    }
    scans = [each for each in scans_of(edition) if can_see_scan(request.user, each, round_.plan.agency)]
    form = ScanForm() if kept and can_attach_scan(request.user, round_) else None
    found |= {"scans": scans, "scan_form": form}
    return found | (_oit(edition, found["document"]) if is_officer else {})


def _open_round(round_: Round, *, is_officer: bool) -> dict[str, Any]:
    measures = measures_of(round_)
    found: dict[str, Any] = {"document": build_document(round_, measures=measures)}
    if is_officer:
        waiting = waiting_for(round_, measures)
        found |= {
            "gaps": gaps_of(round_, measures),
            "waiting": waiting,
            "reminder": reminder(round_, waiting) if waiting else "",
        }
    return found


def _personal_data(context: Mapping[str, Any]) -> Sequence[PersonalDataPlace] | None:
    """What looks like personal data in a report that is not for everybody yet; None where it is."""
    edition: Edition | None = context["edition"]
    if edition is not None and edition.published_at:
        return None
    return personal_data_in(context["document"])


def _leaving(request: Request, document: ReportDocument) -> dict[str, Any]:
    """What of a report that is not approved yet would leave the agency; ?public=1 shows it instead of all."""
    leaving = for_everybody(document)
    entries = annex(leaving)
    found: dict[str, Any] = {
        "annex": entries,
        "annex_told": [entry for entry in entries if not entry.kept],
        "annex_kept": [entry for entry in entries if entry.kept],
    }
    if "public" in request.GET:
        found |= {"document": leaving, "as_published": True}
    return found


def _earlier(edition: Edition) -> Sequence[Edition]:
    """The editions that this one superseded, newest first, each with its withdrawal; no query for a first."""
    if edition.revision == 1:
        return ()
    found = Edition.objects.filter(round=edition.round_id, revision__lt=edition.revision)
    found = found.select_related("withdrawal__replaced_by").order_by("-revision")
    return list(found.defer("document", "withdrawal__replaced_by__document"))


def _oit(edition: Edition, document: ReportDocument) -> dict[str, Any]:
    form = OitForm.of(edition.round)
    answer = OitAnswer.objects.filter(round=edition.round_id).first()
    is_public = Publication.objects.filter(edition__round=edition.round_id).exists()
    address = document.edition.page_of_round if document.edition else ""
    row = answer and oit_row(answer, address, document, is_public=is_public)
    return {"oit_form": form, "oit_row": row}


@require_safe
def round_history(request: Request, year: int, months: int) -> HttpResponse:
    """What happened to a round, who did it and when."""
    round_ = get_round(request, year, months)
    tells_private = can_see_private_evidence(request.user, round_.plan.agency)
    context = {"round": round_, "events": events_of(round_, tells_private=tells_private)}
    return render(request, "reports/rounds/history.html", context)
