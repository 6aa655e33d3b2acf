from django.db import migrations, models
from django.db.models import F


def due_since_recorded(apps, _schema_editor):
    apps.get_model("evidence", "Addendum").objects.update(due_at=F("recorded_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0008_words_of_deposits"),
    ]

    operations = [
        migrations.AddField(
            model_name="addendum",
            name="attempt",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="addendum",
            name="quarantined_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="addendum",
            name="due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(due_since_recorded, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="addendum",
            name="due_at",
            field=models.DateTimeField(
                help_text="when it is sealed or tried again; while somebody seals it, the end of the lease"
            ),
        ),
    ]
