from django.db import migrations

from buurtwerk.accounts.rowlevel import protect


class Migration(migrations.Migration):
    dependencies = [("signals", "0001_initial"), ("accounts", "0002_row_level_context")]

    operations = [
        protect(
            "signals_signal",
            "signals_signalchange",
            "signals_signalcontact",
            "signals_signalevent",
            "signals_signalnote",
        )
    ]
