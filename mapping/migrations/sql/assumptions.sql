-- A published assumption set is immutable, with its levers and their rules.

CREATE FUNCTION refuse_published_assumptions() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    published integer;
    rows_of text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT * FROM new_rows'
        WHEN 'DELETE' THEN 'SELECT * FROM old_rows'
        ELSE 'SELECT * FROM new_rows UNION ALL SELECT * FROM old_rows' END;
BEGIN
    IF current_setting('totalplace.restoring', true) = 'on' THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT s.number FROM mapping_assumptionset s WHERE s.published_at IS NOT NULL AND s.id IN (%s) LIMIT 1',
        format(TG_ARGV[0], rows_of)) INTO published;
    IF published IS NOT NULL THEN
        RAISE EXCEPTION 'Assumption set % is published and never changes: make a new one.', published
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$function$;

CREATE PROCEDURE keep_published(kept regclass, set_of text) LANGUAGE plpgsql AS $procedure$
BEGIN
    EXECUTE format('CREATE TRIGGER published_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows'
        ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_published_assumptions(%L)', kept, set_of);
    EXECUTE format('CREATE TRIGGER published_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows'
        ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_published_assumptions(%L)', kept, set_of);
    EXECUTE format('CREATE TRIGGER published_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows'
        ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_published_assumptions(%L)', kept, set_of);
END
$procedure$;

CALL keep_published('mapping_lever', 'SELECT r.assumption_set_id FROM (%s) r');
CALL keep_published('mapping_leverrule',
    'SELECT l.assumption_set_id FROM (%s) r JOIN mapping_lever l ON l.id = r.lever_id');

CREATE FUNCTION refuse_published_set() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    RAISE EXCEPTION 'Assumption set % is published and never changes: make a new one.', OLD.number
        USING ERRCODE = 'restrict_violation';
END
$function$;

CREATE TRIGGER published_set BEFORE UPDATE OR DELETE ON mapping_assumptionset
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION refuse_published_set();

CALL track_history('mapping_assumptionset');
CALL track_history('mapping_lever');
CALL track_history('mapping_leverrule');
CALL track_history('mapping_currentassumptionset');
