"""manage.py load_indicators: what a new site is given before anybody writes a plan."""

from io import StringIO

import pytest
from django.core.management import call_command

from measures.models import Indicator

pytestmark = pytest.mark.django_db


def load() -> str:
    out = StringIO()
    call_command("load_indicators", stdout=out)
    return out.getvalue()


def test_all_ten_with_the_instrument_through_which_each_is_asked() -> None:
    assert "10" in load()
    instruments = Indicator.objects.order_by("number").values_list("number", "instrument")
    assert list(instruments) == list(enumerate(["IIT"] * 5 + ["EIT"] * 3 + ["OIT"] * 2, 1))


def test_again_changes_nothing_and_keeps_a_wording_that_was_changed() -> None:
    load()
    Indicator.objects.filter(number=8).update(name="การปรับปรุงระบบการทำงาน")
    before = list(Indicator.objects.order_by("pk").values())
    load()
    assert list(Indicator.objects.order_by("pk").values()) == before


def test_only_the_missing_one_is_added() -> None:
    load()
    Indicator.objects.filter(number=3).delete()
    load()
    assert Indicator.objects.get(number=3).name == "การใช้อำนาจ"
    assert Indicator.objects.count() == 10
