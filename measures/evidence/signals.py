"""What has to happen whenever evidence is deleted, by whatever way: itself, its measure, the administrator.

A file lies in the store exactly as long as a row of it is in the database.
"""

from functools import partial
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ProtectedError
from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver

from measures.models import Evidence

IN_EDITION: Final = "หลักฐานนี้อยู่ในรายงานที่อนุมัติแล้ว จึงนำออกไม่ได้ หากไม่ต้องการให้ประชาชนเห็น ให้กดซ่อนจากสาธารณะแทน"


class InEdition(ProtectedError):
    """An approved edition refers to the evidence: it stays. The text is the Thai sentence for the person."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(IN_EDITION, {evidence})

    def __str__(self) -> str:
        return IN_EDITION


@receiver(pre_delete, sender=Evidence)
def _keep_what_an_edition_needs(instance: Evidence, **_: Any) -> None:
    """However it would go: by itself, with its measure, or by the administrator."""
    if Evidence.objects.filter(pk=instance.pk, in_edition=True).exists():
        raise InEdition(instance)


@receiver(post_delete, sender=Evidence)
def _drop_the_file(instance: Evidence, **_: Any) -> None:
    name = instance.file.name
    # One file may prove several measures.
    if name and not Evidence.objects.filter(file=name).exists():
        # A file that cannot be deleted is noted in the log and bothers nobody else.
        transaction.on_commit(partial(default_storage.delete, name), robust=True)
