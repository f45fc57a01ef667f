from django.db import migrations

from buurtwerk.accounts.rowlevel import own_rows, protect


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("accounts", "0002_row_level_context")]

    operations = [protect("notices_notice", rule=own_rows("to_id"), force=True)]
