"""The log of evidence that was hidden from the public, which the database keeps as it is."""

from typing import Any

import core.text
import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from core import append_only

TABLE = "measures_evidencehiding"


def protect(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    append_only.protect(editor.connection, TABLE, (("id",),))


def release(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    append_only.release(editor.connection, TABLE)


class Migration(migrations.Migration):

    dependencies = [
        ('measures', '0006_plan_sample'),
    ]

    operations = [
        migrations.CreateModel(
            name='EvidenceHiding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hidden', models.BooleanField(verbose_name='ซ่อน')),
                ('reason', models.CharField(max_length=1000, validators=[core.text.plain_text], verbose_name='เหตุผล')),
                ('done_by', models.CharField(max_length=150, verbose_name='โดย')),
                ('done_at', models.DateTimeField(verbose_name='เมื่อ')),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hidings', to='measures.evidence', verbose_name='หลักฐาน')),
            ],
            options={
                'verbose_name': 'การซ่อนหลักฐานจากสาธารณะ',
                'verbose_name_plural': 'การซ่อนหลักฐานจากสาธารณะ',
                'ordering': ('evidence', 'id'),
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='evidence_hiding_has_reason', violation_error_message='กรุณาใส่เหตุผล')],
            },
        ),
        migrations.RunPython(protect, release),
    ]
