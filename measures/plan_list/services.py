"""Filters that a person keeps under a name."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from measures.models import Plan, SavedFilter
from measures.plan_list.forms import Chosen

TOO_MANY = f"บันทึกตัวกรองได้ไม่เกิน {SavedFilter.MAX} รายการ กรุณาลบรายการที่ไม่ใช้แล้วก่อน"


@transaction.atomic
def save_filter(person: User, plan: Plan, name: str, chosen: Chosen) -> SavedFilter:
    """Keep filters for the plans of an agency.

    Raises:
        ValidationError: too many, a name twice, or nothing is filtered by; nothing is stored.
    """
    # Two windows of one person at once: the second counts what the first has stored.
    User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if SavedFilter.objects.filter(person=person, agency=plan.agency).count() >= SavedFilter.MAX:
        raise ValidationError(TOO_MANY)
    saved = SavedFilter(
        person=person,
        agency=plan.agency,
        name=name,
        status=chosen.status,
        indicator=int(chosen.indicator) if chosen.indicator else None,
        division_id=int(chosen.division) if chosen.division else None,
        text=chosen.text,
    )
    saved.full_clean()
    saved.save()
    return saved
