from django.db import migrations

from buurtwerk.accounts.rowlevel import OWN_ROWS, protect


class Migration(migrations.Migration):
    dependencies = [("drafts", "0001_initial"), ("accounts", "0002_row_level_context")]

    operations = [protect("drafts_draft", "drafts_undo", "drafts_savedonce", rule=OWN_ROWS)]
