from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.apps.registry import Apps

from evidence import safety


def put_on(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in safety.statements_on(editor.connection.vendor, "evidence_entry"):
        editor.execute(statement)


def take_off(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in safety.statements_off(editor.connection.vendor, "evidence_entry"):
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]
    operations = [migrations.RunPython(put_on, take_off)]
