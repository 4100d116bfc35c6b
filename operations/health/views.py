"""/readyz: whether the site can do all of its work, for load balancers and monitors."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from operations.health.checks import ESSENTIAL, checks


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The names of the checks and whether each is well, no more: anybody may ask.

    503 where something fails without which the site cannot work. A worker or a backup that is missing is said
    ("attention") with 200: taking the site away from people would not bring it back.
    """
    found = checks()
    works = all(well for name, well in found.items() if name in ESSENTIAL)
    status = "ready" if all(found.values()) else "attention" if works else "not ready"
    answer = JsonResponse({"status": status, "checks": found}, status=200 if works else 503)
    if not works:
        answer["Retry-After"] = "5"
    return answer
