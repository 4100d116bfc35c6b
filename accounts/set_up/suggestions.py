"""What a name lets one guess: the kind of an agency, its short name, its name in addresses, user names."""

from collections.abc import Collection, Iterator
from itertools import count
from typing import Final

from django.utils.text import slugify

from accounts.models import Agency, AgencyKind, Role, User
from accounts.places import latin_name

# Names begin with these: of two that fit, the longer.
SHORT_WORDS: Final = {
    AgencyKind.PROVINCIAL: ("องค์การบริหารส่วนจังหวัด", "อบจ."),
    AgencyKind.SUBDISTRICT: ("องค์การบริหารส่วนตำบล", "อบต."),
    AgencyKind.SUBDISTRICT_MUNICIPALITY: ("เทศบาลตำบล", "ทต."),
    AgencyKind.TOWN_MUNICIPALITY: ("เทศบาลเมือง", "ทม."),
    AgencyKind.CITY_MUNICIPALITY: ("เทศบาลนคร", "ทน."),
}
MAX_SHORT_NAME: Final = 60
MAX_SLUG: Final = 60
# What stands in the addresses of everybody's pages.
TAKEN_SLUGS: Final = frozenset({"check", "data-dictionary", "log"})
USER_NAMES: Final = {Role.STAFF: "staff", Role.OFFICER: "officer", Role.EXECUTIVE: "executive"}


def kind_of(name: str) -> str:
    """The kind that an agency's name begins with; empty where it says none."""
    for kind, words in SHORT_WORDS.items():
        if name.startswith(words):
            return kind.value
    return AgencyKind.CENTRAL.value if name.startswith("กรม") else ""


def short_name_of(name: str) -> str:
    """The usual abbreviation with the place: อบต.กองก้อย; a name that has none, as far as there is room."""
    for long, short in SHORT_WORDS.values():
        if name.startswith(long):
            return f"{short}{name.removeprefix(long).strip()}"[:MAX_SHORT_NAME]
    return name[:MAX_SHORT_NAME]


def slug_for(name: str, province: str = "", district: str = "", taken: Collection[str] = ()) -> str:
    """A name in addresses that no agency has yet: of the place, else agency-1, agency-2 …

    Args:
        taken: names that others are about to get.
    """
    place = latin_name(name, province, district)[: MAX_SLUG - 5].strip("-")
    candidates = _numbered(place) if place else (f"agency-{number}" for number in count(1))
    return next(slug for slug in candidates if slug not in taken and not is_slug_taken(slug))


def is_slug_taken(slug: str) -> bool:
    """Whether an agency or a page of the site has this name in addresses."""
    return slug in TAKEN_SLUGS or Agency.objects.filter(slug=slug).exists()


def username_for(slug: str, role: Role, taken: Collection[str] = ()) -> str:
    """A user name that nobody has yet: kongkoi-officer, kongkoi-staff, kongkoi-staff2 …"""
    stem = f"{slugify(slug) or 'agency'}-{USER_NAMES.get(role, 'user')}"
    candidates = _numbered(stem, separator="")
    return next(name for name in candidates if name not in taken and not is_username_taken(name))


def is_username_taken(name: str) -> bool:
    """Whether somebody signs in with this name; letters of another case are no other name."""
    found: bool = User.objects.filter(username__iexact=name).exists()
    return found


def _numbered(stem: str, separator: str = "-") -> Iterator[str]:
    yield stem
    for number in count(2):
        yield f"{stem}{separator}{number}"
