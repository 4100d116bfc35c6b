"""The append-only log, which the database keeps as it is, and the salts of its personal fields."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from core import append_only

TABLE = "ledger_logline"


def protect(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    append_only.protect(editor.connection, TABLE, (("number",),))


def release(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    append_only.release(editor.connection, TABLE)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='LogLine',
            fields=[
                ('number', models.PositiveBigIntegerField(primary_key=True, serialize=False, verbose_name='ลำดับ')),
                ('kind', models.CharField(choices=[('submitted', 'ส่งรายงาน'), ('taken_back', 'ถอนการส่ง'), ('returned', 'ส่งกลับให้แก้ไข'), ('approved', 'อนุมัติฉบับ'), ('file_stored', 'เก็บไฟล์ของฉบับ'), ('files_withdrawn', 'ถอนไฟล์ของฉบับ'), ('published', 'เผยแพร่'), ('unpublished', 'เลิกเผยแพร่'), ('evidence_hidden', 'ซ่อนหลักฐาน'), ('evidence_shown', 'เลิกซ่อนหลักฐาน'), ('account', 'บัญชีและสิทธิ์'), ('rights', 'สิทธิ์ของบุคคล')], max_length=20, verbose_name='เรื่อง')),
                ('subject', models.CharField(max_length=60, verbose_name='เกี่ยวกับ')),
                ('day', models.DateField(verbose_name='วันที่บันทึก')),
                ('text', models.TextField(verbose_name='ข้อความ')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('node', models.CharField(max_length=64, verbose_name='โหนด')),
            ],
            options={
                'verbose_name': 'บรรทัดของบันทึก',
                'verbose_name_plural': 'บันทึกที่พิสูจน์ได้',
                'ordering': ('number',),
            },
        ),
        migrations.CreateModel(
            name='LogSalt',
            fields=[
                ('line', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='salt', serialize=False, to='ledger.logline')),
                ('value', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name': 'เกลือของบรรทัด',
                'verbose_name_plural': 'เกลือของบรรทัด',
            },
        ),
        migrations.AddIndex(
            model_name='logline',
            index=models.Index(fields=['subject'], name='log_line_subject'),
        ),
        migrations.AddIndex(
            model_name='logline',
            index=models.Index(fields=['day', 'number'], name='log_line_day'),
        ),
        migrations.AddConstraint(
            model_name='logline',
            constraint=models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='log_line_numbered_from_1'),
        ),
        migrations.AddConstraint(
            model_name='logline',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['submitted', 'taken_back', 'returned', 'approved', 'file_stored', 'files_withdrawn', 'published', 'unpublished', 'evidence_hidden', 'evidence_shown', 'account', 'rights'])), name='log_line_kind_known'),
        ),
        migrations.RunPython(protect, release),
    ]
