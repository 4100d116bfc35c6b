"""Who approves is confirmed; the database keeps the log of accounts as it is."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from accounts import triggers


def confirm_named(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    # Whoever was named until now approves as before.
    acting = apps.get_model("accounts", "ActingApprover")
    acting.objects.update(confirmed_at=models.F("named_at"))


def protect(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    triggers.protect(editor.connection)


def release(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    triggers.release(editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_background_jobs'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='accountevent',
            name='account_event_kind_known',
        ),
        migrations.AddField(
            model_name='actingapprover',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='ยืนยันเมื่อ'),
        ),
        migrations.AddField(
            model_name='actingapprover',
            name='confirmed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.RunPython(confirm_named, migrations.RunPython.noop, elidable=True),
        migrations.AddField(
            model_name='historicalactingapprover',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='ยืนยันเมื่อ'),
        ),
        migrations.AddField(
            model_name='historicalactingapprover',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicaluser',
            name='awaits_confirmation',
            field=models.BooleanField(default=False, editable=False, verbose_name='รอการยืนยันให้เป็นผู้บริหาร'),
        ),
        migrations.AddField(
            model_name='user',
            name='awaits_confirmation',
            field=models.BooleanField(default=False, editable=False, verbose_name='รอการยืนยันให้เป็นผู้บริหาร'),
        ),
        migrations.AlterField(
            model_name='accountevent',
            name='agency',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='account_events', to='accounts.agency'),
        ),
        migrations.AlterField(
            model_name='accountevent',
            name='done_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='accountevent',
            name='kind',
            field=models.CharField(choices=[('added', 'เพิ่มผู้ใช้'), ('changed', 'เปลี่ยนข้อมูลหรือบทบาท'), ('deactivated', 'ระงับบัญชี'), ('activated', 'เปิดบัญชีอีกครั้ง'), ('password_handed_over', 'ออกรหัสผ่านครั้งเดียว'), ('password_changed', 'เปลี่ยนรหัสผ่าน'), ('reset_mailed', 'ส่งลิงก์ตั้งรหัสผ่าน'), ('second_factor_added', 'เพิ่มการยืนยันตัวตนชั้นที่สอง'), ('second_factor_removed', 'ยกเลิกการยืนยันตัวตนชั้นที่สอง'), ('executive_proposed', 'เสนอเป็นผู้บริหาร (รอการยืนยัน)'), ('executive_confirmed', 'ยืนยันเป็นผู้บริหาร'), ('acting_proposed', 'เสนอผู้รักษาราชการแทน (รอการยืนยัน)'), ('acting_confirmed', 'ยืนยันผู้รักษาราชการแทน'), ('acting_named', 'แต่งตั้งผู้รักษาราชการแทน'), ('acting_ended', 'สิ้นสุดการรักษาราชการแทน'), ('signed_out_everywhere', 'ออกจากระบบทุกอุปกรณ์')], max_length=24, verbose_name='เหตุการณ์'),
        ),
        migrations.AddConstraint(
            model_name='accountevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['added', 'changed', 'deactivated', 'activated', 'password_handed_over', 'password_changed', 'reset_mailed', 'second_factor_added', 'second_factor_removed', 'executive_proposed', 'executive_confirmed', 'acting_proposed', 'acting_confirmed', 'acting_named', 'acting_ended', 'signed_out_everywhere'])), name='account_event_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('awaits_confirmation', False), ('is_executive', True), _connector='OR'), name='user_awaits_confirmation_as_executive', violation_error_message='ผู้ที่รอการยืนยันต้องมีบทบาทผู้บริหาร'),
        ),
        migrations.RunPython(protect, release),
    ]
