from django.db import migrations

from buurtwerk.accounts.rowlevel import protect
from households.rowlevel import protect_family

# Asked as the owner of the tables: whoever ends an account need not see what is open.
HAS_OPEN_FILES = """
CREATE FUNCTION has_open_files(worker bigint, at_centre bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM households_household
                   WHERE primary_worker_id = worker AND merged_into_id IS NULL AND status IN ('active', 'paused')
                     AND (at_centre IS NULL OR centre_id = at_centre))
        OR EXISTS (SELECT FROM households_followup
                   WHERE assigned_to_id = worker AND status IN ('open', 'waiting')
                     AND (at_centre IS NULL OR centre_id = at_centre))
        OR EXISTS (SELECT FROM households_helprequest
                   WHERE owner_id = worker AND status IN ('asked', 'working', 'with_partner')
                     AND (at_centre IS NULL OR centre_id = at_centre))
$$;
"""
STAYS = """
CREATE FUNCTION stays_with_open_files() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF has_open_files(OLD.id, NULL) THEN
        RAISE EXCEPTION 'a colleague with open files stays'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'user_with_open_files_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER user_with_open_files_stays BEFORE UPDATE OF is_active ON accounts_user FOR EACH ROW
WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION stays_with_open_files();
"""
# The roles that work with families: see accounts/policy.py, and the test that compares.
KEEPS_ROLE = """
CREATE FUNCTION keeps_role_with_open_files() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.role IN ('worker', 'coordinator')
       AND NOT (TG_OP = 'UPDATE' AND NEW.role IN ('worker', 'coordinator')
                AND NEW.centre_id = OLD.centre_id AND NEW.user_id = OLD.user_id)
       AND NOT EXISTS (SELECT FROM accounts_membership
                       WHERE user_id = OLD.user_id AND centre_id = OLD.centre_id AND id <> OLD.id
                         AND role IN ('worker', 'coordinator'))
       AND has_open_files(OLD.user_id, OLD.centre_id) THEN
        RAISE EXCEPTION 'a colleague with open files keeps the role'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'member_with_open_files_keeps_role';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER member_with_open_files_keeps_role BEFORE UPDATE OR DELETE ON accounts_membership FOR EACH ROW
EXECUTE FUNCTION keeps_role_with_open_files();
"""
# Waits for whoever is ending that account at this very moment.
OWNER_WORKS_HERE = """
CREATE FUNCTION owner_works_here() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE owner bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
BEGIN
    IF owner IS NOT NULL AND (TG_OP = 'INSERT' OR owner IS DISTINCT FROM (to_jsonb(OLD) ->> TG_ARGV[0])::bigint) THEN
        PERFORM FROM accounts_user WHERE id = owner AND is_active FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the owner does not work here any more'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'owner_works_here';
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""
OWNERS = {"household": "primary_worker_id", "followup": "assigned_to_id", "helprequest": "owner_id"}
ON_OWNERS = "".join(
    f"CREATE TRIGGER owner_works_here BEFORE INSERT OR UPDATE OF {column} ON households_{table} FOR EACH ROW "
    f"EXECUTE FUNCTION owner_works_here('{column}');"
    for table, column in OWNERS.items()
)
BACK = "".join(f"DROP TRIGGER owner_works_here ON households_{table};" for table in OWNERS) + """
DROP FUNCTION owner_works_here;
DROP TRIGGER member_with_open_files_keeps_role ON accounts_membership;
DROP FUNCTION keeps_role_with_open_files;
DROP TRIGGER user_with_open_files_stays ON accounts_user;
DROP FUNCTION stays_with_open_files;
DROP FUNCTION has_open_files;
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0020_handovers"), ("accounts", "0002_row_level_context")]

    operations = [
        protect("households_handover", "households_handoverevent"),
        protect_family("households_handedfamily", "households_handedfamilyevent"),
        migrations.RunSQL(HAS_OPEN_FILES + STAYS + KEEPS_ROLE + OWNER_WORKS_HERE + ON_OWNERS, BACK),
    ]
