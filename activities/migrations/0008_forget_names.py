from django.db import migrations

# The history of who took part goes with them, and only so: by the clock, in the name of nobody, and only of rows that
# are gone themselves or have lost their names. It belongs to the owner, as the application may not delete history.
FORGET_NAMES = """
CREATE FUNCTION forget_names_of_activities() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    kept text; gone bigint := 0; number bigint;
    before text := coalesce(current_setting('pgtrigger.ignore', true), '');
BEGIN
    IF asking_centres() IS NOT NULL THEN
        RAISE EXCEPTION 'history is forgotten by the clock alone' USING ERRCODE = 'insufficient_privilege';
    END IF;
    FOREACH kept IN ARRAY ARRAY['participant', 'carer', 'caresheet', 'pickupperson', 'careconsent', 'registrationgroup']
    LOOP
        -- Its own guard against deleting is told to look away, for this table and this statement.
        PERFORM set_config('pgtrigger.ignore', coalesce((
            SELECT array_agg(tgname::text)::text FROM pg_trigger
            WHERE tgrelid = ('activities_' || kept || 'event')::regclass AND tgname LIKE 'pgtrigger_append_only%'
        ), '{}'), true);
        EXECUTE format(
            'DELETE FROM %I AS was WHERE NOT EXISTS (SELECT FROM %I AS still WHERE still.id = was.pgh_obj_id %s)',
            'activities_' || kept || 'event', 'activities_' || kept,
            CASE kept WHEN 'registrationgroup' THEN 'AND still.contact_name <> ''''' ELSE '' END);
        GET DIAGNOSTICS number = ROW_COUNT;
        gone := gone + number;
    END LOOP;
    PERFORM set_config('pgtrigger.ignore', before, true);
    RETURN gone;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0007_moments"),
    ]

    operations = [migrations.RunSQL(FORGET_NAMES, "DROP FUNCTION forget_names_of_activities();")]
