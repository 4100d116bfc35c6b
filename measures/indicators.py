"""The ten indicators of the national ITA, which every agency's plan refers to."""

import json
from typing import Final, Literal, TypedDict, cast

from django.conf import settings
from simple_history.utils import bulk_create_with_history

from measures.models import Indicator

FILE: Final = "indicators.json"


class SeedIndicator(TypedDict):
    """An entry of fixtures/indicators.json."""

    number: int
    name: str
    instrument: Literal["IIT", "EIT", "OIT"]


def read_indicators() -> list[SeedIndicator]:
    """The indicators as the project ships them."""
    text = (settings.BASE_DIR / "fixtures" / FILE).read_text(encoding="utf-8")
    return cast(list[SeedIndicator], json.loads(text))


def load_indicators() -> dict[int, Indicator]:
    """The ten indicators by number; one that is there already keeps its wording."""
    known = set(Indicator.objects.values_list("number", flat=True))
    missing = [Indicator(**seed) for seed in read_indicators() if seed["number"] not in known]
    if missing:
        bulk_create_with_history(missing, Indicator)
    return {indicator.number: indicator for indicator in Indicator.objects.all()}
