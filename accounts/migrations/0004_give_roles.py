"""Gives people their roles and divisions in the form in which one person may have several of each."""

from typing import Any, Final

from django.db import migrations

FIELDS: Final = {
    "staff": "is_division_staff",
    "officer": "is_officer",
    "executive": "is_executive",
    "overseer": "is_overseer",
    "admin": "is_administrator",
}


def give(apps: Any, schema_editor: Any) -> None:
    """From the one role and the one division of each person, and of each line of their history."""
    for model in (apps.get_model("accounts", "User"), apps.get_model("accounts", "HistoricalUser")):
        for role, field in FIELDS.items():
            model.objects.filter(role=role).update(**{field: True})
    user = apps.get_model("accounts", "User")
    kept = user.divisions.through
    kept.objects.bulk_create(
        kept(user_id=person, division_id=division)
        for person, division in user.objects.exclude(division=None).values_list("pk", "division_id")
    )
    # A line of the history is given the divisions of its person; it has them only where both are still there.
    keys = {(row.user_id, row.division_id): row.pk for row in kept.objects.all()}
    lines = apps.get_model("accounts", "HistoricalUser").objects.exclude(division=None)
    line_divisions = apps.get_model("accounts", "HistoricalUser_divisions")
    line_divisions.objects.bulk_create(
        line_divisions(id=keys[person, division], history_id=line, user_id=person, division_id=division)
        for line, person, division in lines.values_list("history_id", "id", "division_id")
        if (person, division) in keys
    )


def take_back(apps: Any, schema_editor: Any) -> None:
    """One role and one division a person again: the first of several."""
    for model in (apps.get_model("accounts", "User"), apps.get_model("accounts", "HistoricalUser")):
        for role, field in reversed(FIELDS.items()):
            model.objects.filter(**{field: True}).update(role=role)
    user = apps.get_model("accounts", "User")
    for person in user.objects.filter(is_division_staff=True):
        user.objects.filter(pk=person.pk).update(division=person.divisions.order_by("position", "id").first())


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_roles_and_profile")]

    operations = [migrations.RunPython(give, take_back, elidable=True)]
