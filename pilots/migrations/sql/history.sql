-- One generic trigger keeps the append-only history of every tracked table.
--
-- Statement-level with transition tables: one pass over all the rows a statement changed.
-- Arguments of record_history:
--   1  SQL for the programme of a row r, whose register revision rises, or NULL::bigint
--   2  SQL for the version of a row r, whose revision rises, or NULL::bigint (not both)
--   3  SQL condition on a row r that is worth recording
--   4  columns left out, separated by commas (what the database itself keeps, and secrets)
-- Who did it comes from settings local to the transaction: totalplace.actor and totalplace.via.

CREATE FUNCTION record_history() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    programme_of text := TG_ARGV[0];
    version_of text := TG_ARGV[1];
    worth text := TG_ARGV[2];
    left_out text[] := string_to_array(TG_ARGV[3], ',');
    changed text;
BEGIN
    IF current_setting('totalplace.restoring', true) = 'on' THEN
        RETURN NULL;  -- restoring a backup brings its own history
    END IF;

    IF TG_OP = 'INSERT' THEN
        changed := format('SELECT r.id AS row_id, %s AS programme_id, %s AS version_id, NULL::jsonb AS before,'
            ' to_jsonb(r) - $1 AS after FROM new_rows r WHERE %s', programme_of, version_of, worth);
    ELSIF TG_OP = 'DELETE' THEN
        changed := format('SELECT r.id AS row_id, %s AS programme_id, %s AS version_id, to_jsonb(r) - $1 AS before,'
            ' NULL::jsonb AS after FROM old_rows r WHERE %s', programme_of, version_of, worth);
    ELSE
        changed := format('SELECT r.id AS row_id, %s AS programme_id, %s AS version_id, to_jsonb(o) - $1 AS before,'
            ' to_jsonb(r) - $1 AS after FROM new_rows r JOIN old_rows o ON o.id = r.id'
            ' WHERE (%s) AND to_jsonb(o) - $1 IS DISTINCT FROM to_jsonb(r) - $1', programme_of, version_of, worth);
    END IF;

    -- Writers of one version queue at its row, so that history ids rise in the order of their commits.
    IF version_of <> 'NULL::bigint' THEN
        EXECUTE format('SELECT v.id FROM pilots_version v WHERE v.id IN (SELECT DISTINCT %s FROM %s r)'
            ' ORDER BY v.id FOR UPDATE', version_of, CASE TG_OP WHEN 'DELETE' THEN 'old_rows' ELSE 'new_rows' END);
    END IF;

    EXECUTE format($sql$
        WITH changed AS (%s),
        recorded AS (
            INSERT INTO pilots_history
                (at, transaction, actor_id, via, table_name, operation, row_id, programme_id, version_id, before, after)
            SELECT clock_timestamp(), pg_current_xact_id()::text::bigint,
                nullif(current_setting('totalplace.actor', true), '')::bigint,
                coalesce(current_setting('totalplace.via', true), ''),
                $2, $3, row_id, programme_id, version_id, before, after
            FROM changed ORDER BY row_id
            RETURNING id, programme_id, version_id
        ) %s$sql$, changed, CASE
        WHEN version_of <> 'NULL::bigint' THEN
            'UPDATE pilots_version v SET revision = newest FROM (SELECT version_id, max(id) AS newest FROM recorded'
            ' WHERE version_id IS NOT NULL GROUP BY version_id) n WHERE v.id = n.version_id'
        WHEN programme_of <> 'NULL::bigint' THEN
            'UPDATE pilots_programme p SET register_revision = newest FROM (SELECT programme_id, max(id) AS newest'
            ' FROM recorded WHERE programme_id IS NOT NULL GROUP BY programme_id) n WHERE p.id = n.programme_id'
        ELSE 'SELECT count(*) FROM recorded' END)
        USING left_out, TG_TABLE_NAME::text, lower(TG_OP);
    RETURN NULL;
END
$function$;

-- Tracks a table: three statement triggers and one that refuses TRUNCATE.
CREATE PROCEDURE track_history(
    tracked regclass, programme_of text DEFAULT 'NULL::bigint', version_of text DEFAULT 'NULL::bigint',
    worth text DEFAULT 'true', left_out text DEFAULT ''
) LANGUAGE plpgsql AS $procedure$
DECLARE
    arguments text := format('(%L, %L, %L, %L)', programme_of, version_of, worth, left_out);
BEGIN
    EXECUTE format('CREATE TRIGGER history_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows'
        ' FOR EACH STATEMENT EXECUTE FUNCTION record_history%s', tracked, arguments);
    EXECUTE format('CREATE TRIGGER history_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows'
        ' FOR EACH STATEMENT EXECUTE FUNCTION record_history%s', tracked, arguments);
    EXECUTE format('CREATE TRIGGER history_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows'
        ' FOR EACH STATEMENT EXECUTE FUNCTION record_history%s', tracked, arguments);
    EXECUTE format('CREATE TRIGGER history_truncate BEFORE TRUNCATE ON %s'
        ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate()', tracked);
END
$procedure$;

-- TRUNCATE leaves no rows to record, so a tracked table refuses it, unless the whole system is being replaced.
CREATE FUNCTION refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF current_setting('totalplace.replacing', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION 'The table % keeps a history and cannot be truncated: delete rows instead.', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$function$;

CREATE FUNCTION refuse_history_change() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    RAISE EXCEPTION 'The history is append-only: it can be neither changed nor removed.'
        USING ERRCODE = 'restrict_violation';
END
$function$;

CREATE TRIGGER history_is_append_only BEFORE UPDATE OR DELETE ON pilots_history
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_history_change();
CREATE TRIGGER history_truncate BEFORE TRUNCATE ON pilots_history
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

-- What changes a savings map: the register's revision rises.
CALL track_history('pilots_agency', 'r.programme_id');
CALL track_history('pilots_serviceline', 'r.programme_id');
CALL track_history('pilots_population', 'r.programme_id');
CALL track_history('pilots_membership', '(SELECT p.programme_id FROM pilots_place p WHERE p.id = r.place_id)');

-- What raises a version's revision. A snapshot's lines are its own record: they never change.
CALL track_history('pilots_spendline', version_of => 'r.version_id',
    worth => 'EXISTS (SELECT FROM pilots_version v WHERE v.id = r.version_id AND v.kind = ''working'')');

-- What is remembered besides.
CALL track_history('pilots_programme', left_out => 'register_revision');
CALL track_history('pilots_place');
CALL track_history('pilots_coverage');
CALL track_history('pilots_theme');
CALL track_history('pilots_themeline');
CALL track_history('pilots_count');
CALL track_history('pilots_version', left_out => 'revision');
CALL track_history('pilots_role');
CALL track_history('pilots_person', left_out => 'password,last_login');
CALL track_history('pilots_controltotal');
CALL track_history('pilots_milestone');
CALL track_history('pilots_qualitymeasure');
CALL track_history('pilots_qualityreading');
