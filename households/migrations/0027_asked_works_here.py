from django.db import migrations

# Waits for whoever is ending that account or taking that role away at this very moment: what they were asked goes back
# then (households/actions/handovers.py), and nothing is asked of them any more.
ASKED_WORKS_HERE = """
CREATE FUNCTION asked_works_here() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE asked bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
BEGIN
    IF asked IS NOT NULL AND (TG_OP = 'INSERT' OR asked IS DISTINCT FROM (to_jsonb(OLD) ->> TG_ARGV[0])::bigint) THEN
        PERFORM FROM accounts_user WHERE id = asked AND is_active FOR SHARE;
        IF NOT FOUND OR NOT EXISTS (SELECT FROM accounts_membership WHERE user_id = asked AND centre_id = NEW.centre_id
                                    AND role IN ('worker', 'coordinator')) THEN
            RAISE EXCEPTION 'who is asked does not work here any more'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'asked_works_here';
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""
ASKED = {"followup": "offered_to_id", "helprequest": "offered_to_id", "handover": "to_user_id"}
ON_ASKED = "".join(
    f"CREATE TRIGGER asked_works_here BEFORE INSERT OR UPDATE OF {column} ON households_{table} FOR EACH ROW "
    f"EXECUTE FUNCTION asked_works_here('{column}');"
    for table, column in ASKED.items()
)
BACK = "".join(f"DROP TRIGGER asked_works_here ON households_{table};" for table in ASKED)


class Migration(migrations.Migration):
    dependencies = [("households", "0026_who_reads_what")]

    operations = [migrations.RunSQL(ASKED_WORKS_HERE + ON_ASKED, BACK + "DROP FUNCTION asked_works_here;")]
