"""Writing a comment on the page of a measure: the officer returns a report with one, a division answers."""

from typing import Final

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.request import Request
from core.http import NotFound
from measures.access import get_measure_to_comment
from measures.comments.forms import CommentForm
from measures.comments.selectors import comments_of, people_to_name
from measures.comments.services import MAX_COMMENTS, NewComment, TooMany, Written, write_comment
from measures.measure_page.page import measure_page

FULL: Final = f"มาตรการนี้มีความเห็นครบ {MAX_COMMENTS} ข้อแล้ว จึงเพิ่มไม่ได้อีก"
ANSWERED_BEFORE: Final = "บันทึกความเห็นแล้ว เรื่องที่ส่งกลับมีผู้ตอบไปก่อนแล้ว"


@require_POST
def add_comment(request: Request, pk: int) -> HttpResponse:
    """Store a comment, and say what came of it."""
    measure = get_measure_to_comment(request, pk)
    people = people_to_name(measure)
    form = CommentForm(
        request.POST, measure=measure, person=request.user, people=people, comments=comments_of(measure)
    )
    if form.is_valid():
        try:
            written = write_comment(measure, request.user, form.new, people)
        except ObjectDoesNotExist as gone:
            raise NotFound("มาตรการนี้เพิ่งถูกลบ") from gone
        except TooMany:
            form.add_error(None, FULL)
        else:
            messages.success(request, _said(form.new, written), extra_tags="comment")
            return redirect(f"{reverse('measure', args=[pk])}#comments")
    return measure_page(request, measure, status=422, comment_form=form)


def _said(new: NewComment, written: Written) -> str:
    if new.returns:
        to = new.division.name if new.division else "ทุกส่วนราชการที่รับผิดชอบ"
        return f"ส่งกลับให้ {to} แก้ไขแล้ว"
    if new.answers and not written.answered:
        return ANSWERED_BEFORE
    return "ตอบเรื่องที่ส่งกลับแล้ว" if written.answered else "บันทึกความเห็นแล้ว"
