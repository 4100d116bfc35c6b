"""What people work on while the site is under faults: one agency, a plan that divisions report on, a plan
that files are handed in to, and older plans whose rounds go back and forth between officer and executive.
"""

from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from accounts.models import Role, User
from measures.models import Measure, Plan
from reports.new_year.services import open_year
from tests.support.factories import YEAR, make_agency, make_indicators, make_measure, make_person

SAVERS: Final = 3
MEASURES_EACH: Final = 2
OLDER_PLANS: Final = 6


@dataclass(frozen=True)
class World:
    """Names of people, keys of measures and years of plans."""

    savers: tuple[str, ...]
    uploaders: tuple[str, ...]
    officer: str
    executives: tuple[str, str]
    own: tuple[tuple[int, ...], ...]
    """The measures on which each saver alone reports."""
    shared: int
    """The measure on which all savers report."""
    files: tuple[int, ...]
    """The measures to which files are handed in, one for each uploader."""
    years: tuple[int, ...]
    """The plans whose six-month round is submitted, approved and opened again."""


def lay_out() -> World:
    """Make it in an empty database."""
    make_indicators()
    agency = make_agency("faults")
    first = agency.divisions.order_by("position")[0]
    savers = [make_person(f"saver{place}", Role.STAFF, agency, first) for place in range(SAVERS)]
    uploaders = [make_person(f"uploader{place}", Role.STAFF, agency, first) for place in range(2)]
    officer = make_person("officer", Role.OFFICER, agency)
    executives = [make_person(name, Role.EXECUTIVE, agency) for name in ("executive", "deputy")]
    everybody = [*savers, *uploaders, officer, *executives]
    plan = open_year(agency, YEAR)
    places = range(1, MEASURES_EACH + 1)
    own = [[_measure(plan, indicator, place).pk for place in places] for indicator in range(1, SAVERS + 1)]
    shared = _measure(plan, SAVERS + 1, 1)
    kept = open_year(agency, YEAR + 1)
    files = [_measure(kept, 1, place + 1).pk for place in range(len(uploaders))]
    years = [YEAR - 1 - back for back in range(OLDER_PLANS)]
    for year in years:
        _measure(open_year(agency, year), 1, 1)
    with_cheap_passwords(everybody)
    return World(
        savers=tuple(person.username for person in savers),
        uploaders=tuple(person.username for person in uploaders),
        officer=officer.username,
        executives=(executives[0].username, executives[1].username),
        own=tuple(map(tuple, own)),
        shared=shared.pk,
        files=tuple(files),
        years=(YEAR, *years),
    )


def with_cheap_passwords(people: list[User]) -> None:
    """Passwords as the site under faults looks at them, which take no time."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    from tests.support.factories import PASSWORD

    hasher = MD5PasswordHasher()
    for person in people:
        person.password = hasher.encode(PASSWORD, hasher.salt())
        person.save(update_fields=["password"])


def _measure(plan: Plan, indicator: int, position: int) -> Measure:
    """A measure that its round can be submitted with."""
    return make_measure(
        plan,
        f"มาตรการที่ {indicator}.{position}",
        indicator=indicator,
        position=position,
        steps=1,
        status="in_progress",
        status_reason="รอผล",
        result="ผล",
        reported_at=timezone.now(),
        due_on=None,
    )
