"""Scans of signed reports, which the database keeps as they are."""

from typing import Any

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from reports import triggers


def protect(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    triggers.protect(editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0008_log_lines'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SignedScan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.BinaryField()),
                ('content_type', models.CharField(max_length=100)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField(verbose_name='ขนาด')),
                ('pages', models.PositiveIntegerField(verbose_name='จำนวนหน้า')),
                ('edition_pages', models.PositiveIntegerField(verbose_name='จำนวนหน้าของฉบับ')),
                ('attached_by', models.CharField(max_length=150, verbose_name='ผู้แนบ')),
                ('attached_at', models.DateTimeField(verbose_name='แนบเมื่อ')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='reports.edition')),
            ],
            options={
                'verbose_name': 'สำเนาที่ลงนาม',
                'verbose_name_plural': 'สำเนาที่ลงนาม',
                'ordering': ('edition', '-id'),
            },
        ),
        migrations.CreateModel(
            name='ScanPublication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('published_at', models.DateTimeField(verbose_name='เผยแพร่เมื่อ')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('scan', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='publication', to='reports.signedscan')),
            ],
            options={
                'verbose_name': 'การเผยแพร่สำเนาที่ลงนาม',
                'verbose_name_plural': 'การเผยแพร่สำเนาที่ลงนาม',
            },
        ),
        migrations.CreateModel(
            name='HistoricalScanPublication',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('published_at', models.DateTimeField(verbose_name='เผยแพร่เมื่อ')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('scan', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='reports.signedscan')),
            ],
            options={
                'verbose_name': 'historical การเผยแพร่สำเนาที่ลงนาม',
                'verbose_name_plural': 'historical การเผยแพร่สำเนาที่ลงนาม',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddIndex(
            model_name='signedscan',
            index=models.Index(fields=['sha256'], name='signed_scan_sha256'),
        ),
        migrations.AddConstraint(
            model_name='signedscan',
            constraint=models.CheckConstraint(condition=models.Q(('content_type__in', ['application/pdf', 'image/jpeg', 'image/png'])), name='signed_scan_type_known'),
        ),
        migrations.AddConstraint(
            model_name='signedscan',
            constraint=models.CheckConstraint(condition=models.Q(('pages__gt', 0), ('size__gt', 0)), name='signed_scan_has_pages'),
        ),
        migrations.RunPython(protect, migrations.RunPython.noop),
    ]
