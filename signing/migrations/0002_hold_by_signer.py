from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("signing", "0001_initial")]

    operations = [migrations.RemoveField(model_name="envelope", name="held_until")]
