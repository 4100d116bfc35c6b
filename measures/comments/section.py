"""What the page of a measure shows of its comments."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.models import User
from accounts.request import Request
from measures.access import can_comment, can_read_comments, is_asked
from measures.comments.forms import ALL, CommentForm
from measures.comments.mentions import pieces_of
from measures.comments.selectors import SHOWN, comments_of, people_to_name
from measures.models import Comment, Measure


@dataclass(frozen=True)
class ShownComment:
    """A comment, and its text with the names in it marked."""

    comment: Comment
    text: SafeString


def comments_section(request: Request, measure: Measure) -> dict[str, Any]:
    """The comments of a measure for its page; nothing, and no query, for whoever may not read them.

    Three queries at most, and one for whom a comment can name.
    """
    nothing: dict[str, Any] = {
        "reads_comments": False,
        "comments": (),
        "earlier_comments": 0,
        "returned": (),
        "returned_to_own": (),
        "comment_form": None,
    }
    if not can_read_comments(request.user, measure.plan):
        return nothing
    comments = comments_of(measure)
    shown = comments if request.GET.get("comments") == ALL else comments[-SHOWN:]
    waiting = [comment for comment in comments if comment.waits]
    own = [each for each in waiting if is_asked(request.user, each) and can_comment(request.user, measure)]
    return nothing | {
        "reads_comments": True,
        "comments": [_shown(comment) for comment in shown],
        "earlier_comments": len(comments) - len(shown),
        "returned": waiting,
        "returned_to_own": own,
        "comment_form": comment_form(request.user, measure, comments),
    }


def comment_form(person: User, measure: Measure, comments: Sequence[Comment]) -> CommentForm | None:
    """The empty form; None for whoever may not write."""
    if not can_comment(person, measure):
        return None
    return CommentForm(measure=measure, person=person, people=people_to_name(measure), comments=comments)


def _shown(comment: Comment) -> ShownComment:
    pieces = pieces_of(comment.text, comment.mentioned.all())
    # A template would put white space between the pieces, which this text keeps.
    marked = [format_html("<strong>{}</strong>" if piece.is_name else "{}", piece.text) for piece in pieces]
    return ShownComment(comment, format_html_join("", "{}", ((piece,) for piece in marked)))
