-- What leaves a trace besides, and how little leaves none.

-- A restore empties tables and fills them again, in that order: it only ever inserts. So what removes or changes rows
-- is recorded, and refused where it is refused, whatever a session has set.
CREATE FUNCTION is_restoring(operation text) RETURNS boolean LANGUAGE sql STABLE AS $function$
    SELECT operation = 'INSERT' AND coalesce(current_setting('totalplace.restoring', true), '') = 'on'
$function$;

DO $block$
DECLARE
    known regproc;
BEGIN
    FOREACH known IN ARRAY ARRAY['record_history', 'refuse_locked_lines', 'refuse_sealed_version',
        'refuse_submission_change', 'refuse_skipped_stage']::regproc[]
    LOOP
        EXECUTE replace(pg_get_functiondef(known), $old$current_setting('totalplace.restoring', true) = 'on'$old$,
            'is_restoring(TG_OP)');
    END LOOP;
END
$block$;

CALL track_history('pilots_financialyear');
CALL track_history('pilots_spendtype');
CALL track_history('pilots_agencytype');

-- Tokens have no number of their own and hold a secret: who had which, and what it was for, is what is kept.
CREATE FUNCTION record_token() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    left_out text[] := ARRAY['digest', 'token_key', 'last_used_at'];
    before jsonb := to_jsonb(OLD) - left_out;
    after jsonb := to_jsonb(NEW) - left_out;
BEGIN
    IF is_restoring(TG_OP) OR before IS NOT DISTINCT FROM after THEN
        RETURN NULL;
    END IF;
    INSERT INTO pilots_history (at, transaction, actor_id, via, table_name, operation, before, after)
    VALUES (clock_timestamp(), pg_current_xact_id()::text::bigint,
        nullif(current_setting('totalplace.actor', true), '')::bigint,
        coalesce(current_setting('totalplace.via', true), ''), TG_TABLE_NAME, lower(TG_OP), before, after);
    RETURN NULL;
END
$function$;

CREATE TRIGGER history_of_tokens AFTER INSERT OR UPDATE OR DELETE ON pilots_apitoken
    FOR EACH ROW EXECUTE FUNCTION record_token();
CREATE TRIGGER history_truncate BEFORE TRUNCATE ON pilots_apitoken
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
