from django.db import migrations

from buurtwerk.accounts.rowlevel import protect


class Migration(migrations.Migration):
    dependencies = [("households", "0003_referrals")]

    operations = [
        protect(
            "households_consent",
            "households_consentevent",
            "households_referral",
            "households_referralevent",
            "households_referralmove",
        )
    ]
