from django.db import migrations

from households.rowlevel import OWN_CENTRE

BY_GLASS = """household_id IN (SELECT household_id FROM households_breakglass
                  WHERE user_id = (SELECT asking_user()) AND until > now())"""
OVERSEEN = """coalesce(
    centre_id = ANY (string_to_array(nullif(current_setting('buurtwerk.overseen', true), ''), ',')::bigint[]), false)"""


def readable(by_glass):
    return (
        f"({OWN_CENTRE}) AND ((SELECT asking_centres()) IS NULL OR author_id = (SELECT asking_user()) "
        "OR id IN (SELECT sealednote_id FROM households_sealednote_readers WHERE user_id = (SELECT asking_user())) "
        f"OR {by_glass})"
    )


class Migration(migrations.Migration):
    dependencies = [("households", "0012_agreement_and_counts")]

    operations = [
        # Breaking the glass opens the file to a colleague; what was sealed, to a coordinator alone.
        migrations.RunSQL(
            f"ALTER POLICY own_rows ON households_sealednote USING ({readable(f'{BY_GLASS} AND {OVERSEEN}')});",
            f"ALTER POLICY own_rows ON households_sealednote USING ({readable(BY_GLASS)});",
        ),
    ]
