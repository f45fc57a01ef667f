from django.db import migrations

from households.rowlevel import OWN_CENTRE, family_rule

# Why someone opened a restricted family, is as hidden as the family; who opened it, keeps their own line.
AS_HIDDEN_AS_THE_FAMILY = f"({family_rule()}) OR ({OWN_CENTRE}) AND user_id = (SELECT asking_user())"
GLASS = ["households_breakglass", "households_breakglassevent"]
POLICIES = "".join(f"ALTER POLICY own_rows ON {table} USING ({AS_HIDDEN_AS_THE_FAMILY});" for table in GLASS)
POLICIES_BACK = "".join(f"ALTER POLICY own_rows ON {table} USING ({OWN_CENTRE});" for table in GLASS)

# Whether a colleague has open files also counts restricted ones: asked by the triggers, and by nobody else.
ASKS = ["stays_with_open_files", "keeps_role_with_open_files"]
FUNCTIONS = "".join(
    f"ALTER FUNCTION {name} SECURITY DEFINER SET search_path = public, pg_temp;" for name in ASKS
) + "REVOKE EXECUTE ON FUNCTION has_open_files FROM PUBLIC;"
FUNCTIONS_BACK = "GRANT EXECUTE ON FUNCTION has_open_files TO PUBLIC;" + "".join(
    f"ALTER FUNCTION {name} SECURITY INVOKER RESET search_path;" for name in ASKS
)


class Migration(migrations.Migration):
    dependencies = [("households", "0024_restricted_with_reason")]

    operations = [migrations.RunSQL(POLICIES + FUNCTIONS, POLICIES_BACK + FUNCTIONS_BACK)]
