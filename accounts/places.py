"""Provinces and districts to choose from, and the Latin names of places, from geothai's lists."""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Final

import geothai
from django.utils.text import slugify
from geothai.types import Province

# A dictionary has a syllable under its consonant, before which some vowels are written.
_VOWEL_FIRST: Final = re.compile("([เแโใไ])(.)")
_TONES: Final = re.compile("[\u0e48-\u0e4b]")
# What a name begins with before the place: the longest first.
_KIND_WORDS: Final = (
    "องค์การบริหารส่วนจังหวัด",
    "องค์การบริหารส่วนตำบล",
    "ที่ทำการปกครองอำเภอ",
    "ที่ว่าการอำเภอ",
    "สำนักงานเทศบาล",
    "เทศบาลตำบล",
    "เทศบาลเมือง",
    "เทศบาลนคร",
    "ศาลากลางจังหวัด",
    "จังหวัด",
    "อำเภอ",
    "ตำบล",
    "อบต.",
    "อบจ.",
    "ทต.",
    "ทม.",
    "ทน.",
)


@cache
def provinces() -> Sequence[str]:
    """The Thai names of all provinces, in the order of a dictionary."""
    return sorted((province.name_th for province in geothai.provinces()), key=_in_dictionary)


@lru_cache(maxsize=128)
def districts_of(province: str) -> Sequence[str]:
    """The Thai names of a province's districts, in the order of a dictionary; none of an unknown province."""
    found = _province(province)
    if found is None:
        return ()
    return sorted((district.name_th for district in geothai.districts(found.code)), key=_in_dictionary)


def latin_name(agency: str, province: str = "", district: str = "") -> str:
    """The Latin name of the place that an agency is named after, as a part of an address: mae-sariang.

    Args:
        agency: its full or short name; a Latin one is taken as it is.
        province, district: where it is, which tells places of one name apart; may be empty.

    Returns:
        Empty where no place of that name is known, or where it could be one of several.
    """
    place = _place_in(agency)
    if not place:
        return ""
    if place.isascii():
        return slugify(place)
    found = _named(place, province, district)
    return slugify(found.pop()) if len(found) == 1 else ""


def _place_in(name: str) -> str:
    name = " ".join(name.split())
    for word in _KIND_WORDS:
        if word in name:
            return name.partition(word)[2].strip().partition(" ")[0]
    return name


def _named(place: str, province: str, district: str) -> set[str]:
    """The Latin names of the smallest places of a name; offices and geothai may differ in tone marks."""
    exact = geothai.match(place, district=district or None, province=province or None)
    if exact:
        return {address.subdistrict.name_en for address in exact}
    where = _province(province)
    if where is None:
        return {each.name_en for each in geothai.provinces() if each.name_th == place}
    districts = geothai.districts(where.code)
    named = [each for code in districts for each in geothai.subdistricts(code.code)]
    for areas in (named, districts, [where]):
        if found := _alike(place, [(area.name_th, area.name_en) for area in areas]):
            return found
    return set()


def _alike(place: str, names: Iterable[tuple[str, str]]) -> set[str]:
    plain = _TONES.sub("", place)
    return {latin for thai, latin in names if _TONES.sub("", thai) == plain}


@lru_cache(maxsize=128)
def _province(name: str) -> Province | None:
    return next((each for each in geothai.provinces() if each.name_th == name), None)


def _in_dictionary(name: str) -> str:
    return _VOWEL_FIRST.sub(r"\2\1", name)
