import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0010_looks_at_dossiers'),
    ]

    operations = [
        migrations.AddField(
            model_name='dossier',
            name='attestation_sha256',
            field=models.CharField(blank=True, help_text="the signer's sheet, made with it", max_length=64),
        ),
        migrations.CreateModel(
            name='RollUp',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('due_at', models.DateTimeField(help_text='when it is made or tried again; while somebody makes it, end of the lease')),
                ('attempt', models.PositiveSmallIntegerField(default=0)),
                ('pdf_sha256', models.CharField(blank=True, max_length=64)),
                ('sealed_at', models.DateTimeField(blank=True, null=True)),
                ('trail', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='rollup', to='evidence.trail')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('sealed_at', None)), fields=['due_at'], name='rollup_to_seal')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('pdf_sha256', ''), ('sealed_at__isnull', True)), models.Q(('sealed_at__isnull', False), models.Q(('pdf_sha256', ''), _negated=True)), _connector='OR'), name='rollup_sealed_has_digest')],
            },
        ),
    ]
