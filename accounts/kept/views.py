"""What the system keeps of the person who asks (PDPA, section 30): a page, and all of it as a file."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.kept.kinds import all_kinds
from accounts.request import Request
from core.http import file_response


@require_safe
def kept(request: Request) -> HttpResponse:
    """Each kind of data with how much of it there is, why it is kept and for how long."""
    kinds = [(kind, kind.count(request.user)) for kind in all_kinds()]
    return render(request, "accounts/kept/page.html", {"kinds": kinds})


@require_safe
def kept_file(request: Request) -> HttpResponse:
    """All of it as JSON; secrets, which prove who one is, are not in it."""
    person = request.user
    told: dict[str, Any] = {
        "username": person.username,
        "made_at": timezone.localtime(),
        "kept": {
            kind.name: {
                "title": kind.title,
                "why": kind.why,
                "how_long": kind.how_long,
                "rows": list(kind.rows(person)),
            }
            for kind in all_kinds()
        },
    }
    content = json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()
    return file_response(content, "application/json", "my-data.json", cache="private, no-store")
