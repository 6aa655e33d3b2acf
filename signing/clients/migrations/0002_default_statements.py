from django.db import migrations

STATEMENTS = [
    ("terms", "J’accepte les {terms}."),
    ("whole", "J’ai lu en entier le contrat : toutes les pages de tous les documents présentés."),
    ("scope", "Je comprends la portée de l’engagement que je prends envers {client} en cliquant sur SIGNER."),
]


def write(apps, _editor):
    rows = apps.get_model("clients", "ConsentText").objects
    for position, (key, text) in enumerate(STATEMENTS, start=1):
        rows.create(client=None, key=key, version="1", language="fr", position=position, text=text)


def remove(apps, _editor):
    apps.get_model("clients", "ConsentText").objects.filter(client=None, version="1", language="fr").delete()


class Migration(migrations.Migration):
    dependencies = [("clients", "0001_initial")]
    operations = [migrations.RunPython(write, remove)]
