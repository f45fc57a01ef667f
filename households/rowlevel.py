"""Row-level security of families: of one's own centres, and of restricted families only one's own."""

from buurtwerk.accounts.rowlevel import protect

OWN_CENTRE = "(SELECT asking_centres()) IS NULL OR centre_id = ANY ((SELECT asking_centres())::bigint[])"

# Asked once per statement, by the owner of the tables: the restricted families that the asker may not know of.
# Few enough to be told apart by their number, so that every other row costs one comparison.
HIDDEN = """
CREATE OR REPLACE FUNCTION hidden_households() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(household.id), '{}')
    FROM households_household AS household
    WHERE household.restricted
      AND asking_centres() IS NOT NULL
      AND NOT coalesce(household.centre_id = ANY (string_to_array(
              nullif(current_setting('buurtwerk.overseen', true), ''), ',')::bigint[]), false)
      AND coalesce(household.primary_worker_id <> asking_user(), true)
      AND coalesce(household.backup_worker_id <> asking_user(), true)
      AND NOT EXISTS (SELECT FROM households_household_colleagues AS colleague
                      WHERE colleague.household_id = household.id AND colleague.user_id = asking_user())
      AND NOT EXISTS (SELECT FROM households_breakglass AS glass
                      WHERE glass.household_id = household.id AND glass.user_id = asking_user()
                        AND glass.until > now())
$$;
CREATE OR REPLACE FUNCTION hidden_people() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    WITH hidden AS MATERIALIZED (SELECT unnest(hidden_households()) AS id)
    SELECT coalesce(array_agg(DISTINCT member.person_id), '{}')
    FROM households_member AS member
    WHERE member.household_id IN (SELECT id FROM hidden)
      AND NOT EXISTS (SELECT FROM households_member AS elsewhere
                      WHERE elsewhere.person_id = member.person_id
                        AND elsewhere.household_id NOT IN (SELECT id FROM hidden))
$$;
"""
DROP_HIDDEN = "DROP FUNCTION hidden_people; DROP FUNCTION hidden_households;"


def protect_family(*tables, column="household_id", hidden="hidden_households"):
    """A migration operation for tables with a `centre_id` and the family in `column` (which may be empty).

    Where someone replaced the rule of a table, this is the rule to go back to.
    """
    return protect(*tables, rule=family_rule(column, hidden))


def family_rule(column="household_id", hidden="hidden_households"):
    return f"({OWN_CENTRE}) AND ({column} IS NULL OR NOT {column} = ANY ((SELECT {hidden}())::bigint[]))"


def protect_with_contact(*tables):
    """The same for tables of what hangs on a contact (`contact_id`, may be empty): with a note for some, or for its
    author alone, the database shows it to them only."""
    operations = []
    for table in tables:
        as_the_note = (
            f"EXISTS (SELECT FROM households_contact AS told WHERE told.id = {table}.contact_id "
            "AND (told.visibility NOT IN ('named', 'personal') OR told.author_id = (SELECT asking_user()) "
            "OR told.id IN (SELECT sealed.contact_id FROM households_sealednote AS sealed)))"
        )
        rule = f"({family_rule()}) AND ((SELECT asking_centres()) IS NULL OR contact_id IS NULL OR {as_the_note})"
        operations.append(protect(table, rule=rule))
    return operations
