from django.db import migrations, models

from buurtwerk.accounts.rowlevel import OWN_ROWS, protect
from households.rowlevel import DROP_HIDDEN, HIDDEN, OWN_CENTRE, protect_family

OF_FAMILIES = ["contactagreement", "member", "contact", "followup", "consent", "referral"]

CLOSED_TEXT_APART = """
SET CONSTRAINTS ALL IMMEDIATE;
INSERT INTO households_worknote (contact_id, user_id, text, created_at)
SELECT id, author_id, note, created_at FROM households_contact WHERE visibility = 'personal' AND note <> '';
UPDATE households_contact SET note = '' WHERE visibility = 'personal';
UPDATE households_household SET closed_on = current_date, closure_reason = 'other' WHERE status = 'closed';
"""
BACK_IN_NOTE = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE households_contact SET note = own.text FROM households_worknote AS own WHERE own.contact_id = households_contact.id;
"""


def drop(*tables):
    """Take the policy off, to put a stricter one in its place."""
    off = "".join(f"DROP POLICY own_rows ON {table};" for table in tables)
    back = "".join(f"CREATE POLICY own_rows ON {table} USING ({OWN_CENTRE});" for table in tables)
    return migrations.RunSQL(off, back)


def with_history(*names):
    return [f"households_{name}{history}" for name in names for history in ("", "event")]


class Migration(migrations.Migration):
    dependencies = [("households", "0006_families_in_full")]

    operations = [
        migrations.RunSQL(CLOSED_TEXT_APART, BACK_IN_NOTE),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('visibility__in', ['named', 'personal']), _negated=True), ('note', ''), _connector='OR'), name='contact_closed_text_stands_apart'),
        ),
        migrations.AddConstraint(
            model_name='household',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'closed'), _negated=True), models.Q(('closed_on__isnull', False), models.Q(('closure_reason', ''), _negated=True)), _connector='OR'), name='household_closed_with_day_and_reason', violation_error_message='Kies waarom je het dossier afrondt.'),
        ),
        migrations.RunSQL(HIDDEN, DROP_HIDDEN),
        drop(*with_history(*OF_FAMILIES, "household", "person"), "households_referralmove"),
        protect("households_referralmove", rule="referral_id IN (SELECT id FROM households_referral)"),
        protect_family(*with_history(*OF_FAMILIES)),
        protect_family("households_household", "households_householdevent", column="id"),
        protect_family("households_person", "households_personevent", column="id", hidden="hidden_people"),
        protect_family(*with_history("contactaddition")),
        # The review of who broke the glass must not depend on who may see the family.
        protect("households_breakglass", "households_breakglassevent"),
        protect("households_household_colleagues", rule="household_id IN (SELECT id FROM households_household)"),
        protect("households_worknote", rule=OWN_ROWS),
        protect(
            "households_sealednote",
            rule=f"({OWN_CENTRE}) AND ((SELECT asking_centres()) IS NULL OR author_id = (SELECT asking_user()) "
            "OR id IN (SELECT sealednote_id FROM households_sealednote_readers WHERE user_id = (SELECT asking_user())) "
            "OR household_id IN (SELECT household_id FROM households_breakglass "
            "WHERE user_id = (SELECT asking_user()) AND until > now()))",
        ),
    ]
