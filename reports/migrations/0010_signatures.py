"""What is signed of editions' files, and what is added to them later; the database keeps both as they are."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from core import append_only
from reports import triggers


TABLES = ("reports_filesignature", "reports_signedcopy")


def protect(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    triggers.protect(editor.connection)


def release(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        append_only.release(editor.connection, table)


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0009_signed_scan'),
    ]

    operations = [
        migrations.CreateModel(
            name='FileSignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(blank=True, choices=[('b-b', 'PAdES B-B'), ('b-lta', 'PAdES B-LTA')], max_length=5, verbose_name='ระดับ')),
                ('signer', models.CharField(blank=True, max_length=200, verbose_name='ผู้ลงลายมือชื่อ')),
                ('stamp_until', models.DateTimeField(blank=True, null=True, verbose_name='ตราประทับเวลาใช้ได้ถึง')),
                ('problem', models.CharField(blank=True, max_length=300, verbose_name='ปัญหา')),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='signature', to='reports.editionfile')),
            ],
            options={
                'verbose_name': 'ลายมือชื่อดิจิทัลของไฟล์',
                'verbose_name_plural': 'ลายมือชื่อดิจิทัลของไฟล์',
                'constraints': [models.CheckConstraint(condition=models.Q(('level__in', ['', 'b-b', 'b-lta'])), name='file_signature_level_known'), models.CheckConstraint(condition=models.Q(models.Q(('level', ''), ('signer', ''), models.Q(('problem', ''), _negated=True)), models.Q(models.Q(('level', ''), _negated=True), models.Q(('signer', ''), _negated=True)), _connector='OR'), name='file_signature_has_signer_or_problem'), models.CheckConstraint(condition=models.Q(models.Q(('level', 'b-lta'), ('stamp_until__isnull', False)), models.Q(models.Q(('level', 'b-lta'), _negated=True), ('stamp_until__isnull', True)), _connector='OR'), name='file_signature_stamp_has_end')],
            },
        ),
        migrations.CreateModel(
            name='SignedCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='ลำดับ')),
                ('added', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('level', models.CharField(choices=[('b-b', 'PAdES B-B'), ('b-lta', 'PAdES B-LTA')], max_length=5, verbose_name='ระดับ')),
                ('stamp_until', models.DateTimeField(blank=True, null=True, verbose_name='ตราประทับเวลาใช้ได้ถึง')),
                ('made_at', models.DateTimeField(verbose_name='ทำเมื่อ')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='reports.editionfile')),
            ],
            options={
                'verbose_name': 'สำเนาที่มีลายมือชื่อเพิ่ม',
                'verbose_name_plural': 'สำเนาที่มีลายมือชื่อเพิ่ม',
                'ordering': ('file', 'number'),
                'indexes': [models.Index(fields=['sha256'], name='signed_copy_sha256')],
                'constraints': [models.UniqueConstraint(fields=('file', 'number'), name='signed_copy_numbered_once', violation_error_message='ไฟล์นี้มีสำเนาลำดับนี้อยู่แล้ว'), models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='signed_copy_numbered_from_1'), models.CheckConstraint(condition=models.Q(models.Q(('level', 'b-lta'), ('stamp_until__isnull', False)), models.Q(('level', 'b-b'), ('stamp_until__isnull', True)), _connector='OR'), name='signed_copy_stamp_has_end')],
            },
        ),
        migrations.RunPython(protect, release),
    ]
