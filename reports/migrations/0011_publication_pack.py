"""Papers that go round an edition and agencies' own templates of them; the database keeps them as they are."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from reports import triggers


def protect(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    triggers.protect_papers(editor.connection)


def release(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    triggers.release_papers(editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0012_job_files'),
        ('reports', '0010_signatures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PaperTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('memo', 'บันทึกข้อความ'), ('form', 'แบบฟอร์มการเผยแพร่ข้อมูล')], max_length=4, verbose_name='เอกสาร')),
                ('version', models.PositiveIntegerField(verbose_name='ครั้งที่')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='ชื่อไฟล์')),
                ('content', models.BinaryField()),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('added_at', models.DateTimeField(verbose_name='เปลี่ยนเมื่อ')),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ผู้เปลี่ยน')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paper_templates', to='accounts.agency')),
            ],
            options={
                'verbose_name': 'แม่แบบเอกสารของหน่วยงาน',
                'verbose_name_plural': 'แม่แบบเอกสารของหน่วยงาน',
                'ordering': ('agency', 'kind', '-version'),
            },
        ),
        migrations.CreateModel(
            name='EditionPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(verbose_name='ครั้งที่')),
                ('kind', models.CharField(choices=[('memo', 'บันทึกข้อความ'), ('form', 'แบบฟอร์มการเผยแพร่ข้อมูล')], max_length=4, verbose_name='เอกสาร')),
                ('format', models.CharField(choices=[('docx', 'Word'), ('pdf', 'PDF')], max_length=4, verbose_name='ชนิดไฟล์')),
                ('content', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField(verbose_name='จัดทำเมื่อ')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='reports.edition')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ผู้จัดทำ')),
                ('template', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.papertemplate')),
            ],
            options={
                'verbose_name': 'เอกสารประกอบการเผยแพร่',
                'verbose_name_plural': 'เอกสารประกอบการเผยแพร่',
                'ordering': ('edition', '-version', 'id'),
            },
        ),
        migrations.AddConstraint(
            model_name='papertemplate',
            constraint=models.UniqueConstraint(fields=('agency', 'kind', 'version'), name='paper_template_version_unique', violation_error_message='มีผู้อื่นเปลี่ยนแม่แบบนี้ไปก่อนแล้ว'),
        ),
        migrations.AddConstraint(
            model_name='papertemplate',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['memo', 'form'])), name='paper_template_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='papertemplate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), ('sha256', '')), models.Q(models.Q(('name', ''), _negated=True), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='paper_template_named_with_hash'),
        ),
        migrations.AddConstraint(
            model_name='editionpaper',
            constraint=models.UniqueConstraint(fields=('edition', 'version', 'kind', 'format'), name='edition_paper_once_a_version', violation_error_message='เอกสารชุดนี้จัดทำไว้แล้ว'),
        ),
        migrations.AddConstraint(
            model_name='editionpaper',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['memo', 'form'])), name='edition_paper_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='editionpaper',
            constraint=models.CheckConstraint(condition=models.Q(('format__in', ['docx', 'pdf'])), name='edition_paper_format_known'),
        ),
        migrations.RunPython(protect, release),
    ]
