from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0009_attempts_of_addenda"),
    ]

    operations = [
        migrations.AddField(
            model_name="dossier",
            name="looked_at",
            field=models.DateTimeField(
                blank=True, help_text="the first look that no addendum holds yet", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(("looked_at__isnull", False)), fields=["looked_at"], name="dossier_looked_at"
            ),
        ),
    ]
