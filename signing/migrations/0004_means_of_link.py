from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("signing", "0003_dwell_of_envelope")]
    operations = [
        migrations.AddField(
            model_name="accesslink",
            name="means",
            field=models.CharField(
                choices=[("message", "envoyé"), ("printed", "remis à qui a créé l’enveloppe")],
                default="printed",
                max_length=8,
            ),
            preserve_default=False,
        )
    ]
