"""The page on which everybody finds out whether a report is one that was published here: by the code that is
printed on it, or by the file. It keeps no session, stores nothing and writes nothing.
"""

from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.core.files import File
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.sign_in.client_address import client_network
from core.budget import TooMuchWork
from reports.public.checking import MAX_CODE, judge, judge_code, printed_code, sha256_of
from reports.signatures.looking import TooManyLook

NO_FILE: Final = "กรุณาเลือกไฟล์ที่ไม่ว่าง"
NO_CODE: Final = "รหัสฉบับมีตัวอักษรและตัวเลขรวม 8 ตัว เช่น 7KQF-29XM พิมพ์อยู่ท้ายทุกหน้าของรายงาน กรุณาตรวจแล้วใส่ใหม่"
TOO_OFTEN: Final = "ตรวจหลายครั้งในเวลาสั้น กรุณารอหนึ่งนาทีแล้วลองใหม่"
BUSY: Final = "มีผู้ตรวจไฟล์พร้อมกันหลายคน กรุณารอสักครู่แล้วตรวจใหม่"
TOO_MUCH: Final = "ไฟล์นี้ซับซ้อนผิดปกติ ตรวจไม่เสร็จในเวลาที่กำหนด กรุณาตรวจด้วยรหัสที่พิมพ์บนรายงาน"
# Of one network, in each worker: an office behind one address checks its papers, nobody tries codes.
MAX_CHECKS: Final = 60
SECONDS: Final = 60


@login_not_required
@csrf_exempt  # A file is compared and forgotten: nothing changes, and readers get no cookie.
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Asks for a code or a file; ?code= and a POST with a file answer."""
    asked = request.GET.get("code", "")[:MAX_CODE].strip()
    context: dict[str, Any] = {"code": asked, "outcome": None, "sha256": "", "printed": None, "problem": ""}
    context |= {"file_problem": "", "code_problem": ""}
    status = 200
    if (asked or request.method == "POST") and _too_often(request):
        context["problem"], status = TOO_OFTEN, 429
    elif request.method == "POST":
        file = request.FILES.get("file")
        if isinstance(file, File) and file.size:
            context["sha256"] = sha256 = sha256_of(file)
            try:
                context["outcome"] = judge(file, sha256)
            except TooManyLook:
                context["problem"], status = BUSY, 503
            except TooMuchWork:
                context["problem"], status = TOO_MUCH, 422
        else:
            context["file_problem"], status = NO_FILE, 422
    elif asked:
        context["printed"] = printed = printed_code(asked)
        if printed is None:
            context["code_problem"], status = NO_CODE, 422
        else:
            context["outcome"] = outcome = judge_code(printed)
            status = 200 if outcome.is_ours else 404
    response = render(request, "reports/public/check.html", context, status=status)
    response.headers["Cache-Control"] = "no-cache"
    if status in {429, 503}:
        response.headers["Retry-After"] = str(SECONDS if status == 429 else 5)
    return response


def _too_often(request: HttpRequest) -> bool:
    """Count a check; whether there were too many of late."""
    counts, key = caches["counts"], f"check-{client_network(request)}"
    if counts.add(key, 1, SECONDS):
        return False
    try:
        return counts.incr(key) > MAX_CHECKS
    except ValueError:
        # Its minute ended at this moment.
        return False
