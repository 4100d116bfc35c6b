"""Editions whose files were withdrawn by a correction; 0005 lets the database keep them as they are."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0003_editions_stay'),
    ]

    operations = [
        migrations.CreateModel(
            name='EditionWithdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='reports.edition')),
                ('replaced_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='withdrew', to='reports.edition')),
            ],
            options={
                'verbose_name': 'การถอนไฟล์ของฉบับ',
                'verbose_name_plural': 'การถอนไฟล์ของฉบับ',
                'constraints': [models.CheckConstraint(condition=models.Q(('edition', models.F('replaced_by')), _negated=True), name='edition_withdrawn_by_another')],
            },
        ),
    ]
