from django.db import migrations

STATEMENTS = [
    ("terms", "I accept the {terms}."),
    ("whole", "I have read the whole contract: all pages of all documents presented."),
    ("scope", "I understand the scope of the commitment that I make to {client} by clicking SIGN."),
]


def write(apps, _editor):
    rows = apps.get_model("clients", "ConsentText").objects
    for position, (key, text) in enumerate(STATEMENTS, start=1):
        rows.create(client=None, key=key, version="1", language="en", position=position, text=text)


def remove(apps, _editor):
    apps.get_model("clients", "ConsentText").objects.filter(client=None, version="1", language="en").delete()


class Migration(migrations.Migration):
    dependencies = [("clients", "0004_access_certificates")]
    operations = [migrations.RunPython(write, remove)]
