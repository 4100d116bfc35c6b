"""The log for everybody: heads to keep elsewhere, and proofs as in RFC 6962, for people and for programs.

They ask for no account, keep no session and write nothing.
"""

from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.http import NotFound
from core.text import number_in
from ledger.heads import LogHead
from ledger.selectors import current_head, prove_growth, size_of_log
from reports.public_log.selectors import (
    DAYS,
    NO_LINE,
    PublicLine,
    SignedOffHead,
    line_of_edition,
    public_line,
    signed_off,
    signed_off_count,
)

PAGE: Final = 60
MAX_TEXT: Final = 30
NOT_IN_THE_LOG: Final = "ไม่พบบรรทัดหรือรหัสฉบับที่เผยแพร่นี้ในบันทึก"


@login_not_required
@require_safe
def public_log(request: HttpRequest) -> HttpResponse:
    """The heads of days; ?find= leads to the line of a number or of an edition's code."""
    asked = request.GET.get("find", "")[:MAX_TEXT].strip()
    head = current_head()
    if asked:
        number = number_in(asked, 18)
        found = number if number and number <= head.size else line_of_edition(asked)
        if found:
            return redirect("public_log_line", found)
    page = Paginator(range(signed_off_count()), PAGE).get_page(request.GET.get("page"))
    heads = signed_off(timezone.localdate(), max(page.start_index() - 1, 0), PAGE)
    context = {"head": head, "page": page, "heads": heads, "asked": asked}
    context["problem"] = NOT_IN_THE_LOG if asked else ""
    return render(request, "reports/public_log/page.html", context, status=404 if asked else 200)


@login_not_required
@require_safe
def heads_text(request: HttpRequest) -> HttpResponse:
    """Heads as `manage.py verify --head` reads them: a day, how many lines, the root; newest first."""
    lines = [f"{each.day} {each.head}{'' if each.final else ' (ยังไม่สิ้นวัน)'}" for each in _heads()]
    text = "".join(f"{line}\n" for line in lines)
    return _plain(HttpResponse(text, content_type="text/plain; charset=utf-8"))


@login_not_required
@require_safe
def heads_json(request: HttpRequest) -> HttpResponse:
    """The same for programs."""
    days = [{"day": str(each.day), "final": each.final, **_head(each.head)} for each in _heads()]
    return _plain(JsonResponse({"now": _head(current_head()), "days": days}))


@login_not_required
@require_safe
def line(request: HttpRequest, number: int) -> HttpResponse:
    """A line, and the proof that it stands in the log."""
    found = _line(request, number)
    return render(request, "reports/public_log/line.html", {"found": found, "head": found.proof.head})


@login_not_required
@require_safe
def inclusion_json(request: HttpRequest, number: int) -> HttpResponse:
    """The proof that a line stands in the log, now or at ?size= (RFC 6962, 2.1.1)."""
    found = _line(request, number)
    proof = {
        "line": found.line.number,
        "sha256": found.line.sha256,
        "text": found.text or None,
        "leaf_index": found.proof.place,
        "leaf_hash": found.leaf,
        "audit_path": list(found.proof.hashes),
        **_head(found.proof.head),
    }
    return _plain(JsonResponse(proof, json_dumps_params={"ensure_ascii": False}))


@login_not_required
@require_safe
def consistency_json(request: HttpRequest) -> HttpResponse:
    """The proof that the log of ?first= lines is the beginning of that of ?second= (RFC 6962, 2.1.2)."""
    size = size_of_log()
    first = number_in(request.GET.get("first", ""), 18) or 0
    second = number_in(request.GET.get("second", str(size)), 18) or 0
    if not 0 < first <= second <= size:
        raise NotFound(NO_LINE)
    proof = prove_growth(first, second)
    both = {"first": _head(proof.first), "second": _head(proof.second)}
    return _plain(JsonResponse({**both, "proof": list(proof.hashes)}))


def _heads() -> list[SignedOffHead]:
    return list(signed_off(timezone.localdate(), 0, DAYS))


def _line(request: HttpRequest, number: int) -> PublicLine:
    asked = request.GET.get("size")
    return public_line(number, None if asked is None else number_in(asked, 18) or 0)


def _head(head: LogHead) -> dict[str, Any]:
    return {"tree_size": head.size, "root_hash": head.root}


def _plain(response: HttpResponse) -> HttpResponse:
    """For programs of any site, always as it is now."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, no-cache"
    return response
