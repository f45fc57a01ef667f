from django.db import migrations

from buurtwerk.accounts.rowlevel import OWN_ROWS, protect
from households.rowlevel import OWN_CENTRE

OVERSEEN = """coalesce(
    centre_id = ANY (string_to_array(nullif(current_setting('buurtwerk.overseen', true), ''), ',')::bigint[]), false)"""
BY_GLASS = """household_id IN (SELECT household_id FROM households_breakglass
                  WHERE user_id = (SELECT asking_user()) AND until > now())"""

# Whom a note is sealed for, is read with the note itself; so which notes are for someone, is asked by the owner of the
# tables. Asked the other way around, the two rules would wait for each other.
SEALED_FOR = """
CREATE FUNCTION sealed_notes_for_asker() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(sealednote_id), '{}') FROM households_sealednote_readers WHERE user_id = asking_user()
$$;
"""
NAMED_BEFORE = "id IN (SELECT sealednote_id FROM households_sealednote_readers WHERE user_id = (SELECT asking_user()))"
NAMED = "id = ANY ((SELECT sealed_notes_for_asker())::bigint[])"


def sealed(named):
    return f"""ALTER POLICY own_rows ON households_sealednote USING (
        ({OWN_CENTRE}) AND ((SELECT asking_centres()) IS NULL OR author_id = (SELECT asking_user())
        OR {named} OR {BY_GLASS} AND {OVERSEEN}));"""


# Who looked: one's own looks, those in the centres one oversees, and those in the files one reads. No index helps under
# a rule, so the lines about a family are found by the owner of the tables, and shown by the rule.
TRAIL = """
CREATE FUNCTION reads_file_of(given bigint[]) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    WITH RECURSIVE file(id) AS (
        SELECT unnest(given)
        UNION SELECT old.merged_into_id FROM households_household AS old JOIN file ON old.id = file.id
        WHERE old.merged_into_id IS NOT NULL
    )
    SELECT EXISTS (
        SELECT FROM households_household AS family JOIN file ON file.id = family.id
        WHERE family.centre_id = ANY (asking_centres()) AND (
            asking_user() IN (family.primary_worker_id, family.backup_worker_id)
            OR family.primary_worker_id IS NULL AND NOT family.restricted
            OR EXISTS (SELECT FROM households_household_colleagues AS colleague
                       WHERE colleague.household_id = family.id AND colleague.user_id = asking_user())
            OR EXISTS (SELECT FROM households_breakglass AS glass
                       WHERE glass.household_id = family.id AND glass.user_id = asking_user()
                         AND glass.until > now())))
$$;
CREATE FUNCTION reads_trail_of(kind text, ids bigint[]) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE families bigint[]; named text := 'households_' || replace(kind, '_', '');
BEGIN
    IF kind = 'household' THEN
        families := ids;
    ELSIF kind = 'person' THEN
        SELECT array_agg(household_id) INTO families FROM households_member WHERE person_id = ANY (ids);
    ELSIF EXISTS (SELECT FROM information_schema.columns WHERE table_schema = 'public' AND table_name = named
                  AND column_name = 'household_id') THEN
        EXECUTE format('SELECT array_agg(household_id) FROM %I WHERE id = ANY ($1)', named) INTO families USING ids;
    END IF;
    RETURN families IS NOT NULL AND reads_file_of(families);
END $$;
CREATE FUNCTION trail_about(kind text, ids bigint[]) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT id FROM trail_access WHERE record_type = kind AND record_ids && ids
$$;
"""
TRAIL_BACK = """
DROP FUNCTION trail_about(text, bigint[]); DROP FUNCTION reads_trail_of(text, bigint[]);
DROP FUNCTION reads_file_of(bigint[]);
"""
READS_TRAIL = (
    "(SELECT asking_centres()) IS NULL OR user_id = (SELECT asking_user()) "
    f"OR {OVERSEEN} OR centre_id = ANY ((SELECT asking_centres())::bigint[]) AND reads_trail_of(record_type, record_ids)"
)


class Migration(migrations.Migration):
    dependencies = [("households", "0025_second_lock"), ("trail", "0002_actions")]

    operations = [
        migrations.RunSQL(SEALED_FOR + sealed(NAMED), sealed(NAMED_BEFORE) + "DROP FUNCTION sealed_notes_for_asker();"),
        protect("households_sealednote_readers", rule="sealednote_id IN (SELECT id FROM households_sealednote)"),
        migrations.RunSQL(TRAIL, TRAIL_BACK),
        protect("trail_access", rule=READS_TRAIL),
        # Nobody leaves a line in the name of a colleague.
        migrations.RunSQL(f"ALTER POLICY own_rows ON trail_access WITH CHECK ({OWN_ROWS});", migrations.RunSQL.noop),
    ]
