from django.db import migrations

from buurtwerk.accounts.rowlevel import protect

CASE_TABLES = ["household", "contactagreement", "person", "member", "contact", "followup"]


class Migration(migrations.Migration):
    dependencies = [("households", "0001_initial"), ("accounts", "0002_row_level_context")]

    operations = [
        protect(*[f"households_{table}" for table in CASE_TABLES]),
        protect(*[f"households_{table}event" for table in CASE_TABLES]),
        # Who was there: visible with the contact itself.
        protect(
            "households_contact_present",
            "households_contact_co_workers",
            rule="contact_id IN (SELECT id FROM households_contact)",
        ),
    ]
