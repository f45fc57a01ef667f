from django.db import migrations

from buurtwerk.accounts.rowlevel import CONTEXT_FUNCTIONS, make_application_role


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(CONTEXT_FUNCTIONS, "DROP FUNCTION asking_user; DROP FUNCTION asking_centres;"),
        migrations.RunPython(make_application_role, migrations.RunPython.noop),
    ]
