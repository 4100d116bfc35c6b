"""What has to happen to parts when a division is removed from its agency's list."""

from django.db.models import Exists, OuterRef
from django.dispatch import receiver

from accounts.divisions.services import division_is_removed
from accounts.models import Division
from measures.models import Part, Responsibility


@receiver(division_is_removed)
def forget_untouched(division: Division, **_: object) -> None:
    """Take away what would hold a division in its agency's list for nothing.

    That is its parts of measures for which it is not responsible, as long as nobody has reported on them.
    """
    responsible = Responsibility.objects.filter(measure=OuterRef("measure"), division=division)
    untouched = Part.objects.filter(division=division, version=1, reported_at=None, evidence=None)
    untouched.filter(~Exists(responsible)).delete()
