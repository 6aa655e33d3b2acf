from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('signing', '0011_bundles'),
    ]

    operations = [
        migrations.AddField(
            model_name='pagereading',
            name='pictured_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
