-- What the database itself refuses of spend lines and versions.

CREATE FUNCTION refuse_locked_lines() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    locked record;
    rows_of text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT version_id FROM new_rows'
        WHEN 'DELETE' THEN 'SELECT version_id FROM old_rows'
        ELSE 'SELECT version_id FROM new_rows UNION SELECT version_id FROM old_rows' END;
BEGIN
    IF current_setting('totalplace.restoring', true) = 'on' THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT v.id, v.kind, v.number, v.status FROM pilots_version v WHERE v.id IN (%s)'
        ' AND (v.sealed_at IS NOT NULL OR v.kind = ''working'' AND v.status IN (''submitted'', ''approved'')) LIMIT 1',
        rows_of) INTO locked;
    IF locked.kind = 'snapshot' THEN
        RAISE EXCEPTION 'Snapshot % is sealed: its spend lines never change.', locked.number
            USING ERRCODE = 'restrict_violation';
    ELSIF locked.kind = 'working' THEN
        RAISE EXCEPTION 'The working version is % and locked until it is returned or published.', locked.status
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$function$;

CREATE TRIGGER a_refuse_locked_insert AFTER INSERT ON pilots_spendline REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_locked_lines();
CREATE TRIGGER a_refuse_locked_update AFTER UPDATE ON pilots_spendline REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_locked_lines();
CREATE TRIGGER a_refuse_locked_delete AFTER DELETE ON pilots_spendline REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_locked_lines();

-- Spend is recorded on leaves of the service tree of the place's own programme, by its own agencies.
CREATE FUNCTION check_spend_lines() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    wrong text;
BEGIN
    SELECT s.code INTO wrong FROM (SELECT DISTINCT service_line_id FROM new_rows) r
        JOIN pilots_serviceline s ON s.id = r.service_line_id
        WHERE EXISTS (SELECT FROM pilots_serviceline child WHERE child.parent_id = s.id) LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'Spend is recorded on leaves of the service tree only, and "%" has lines below it.', wrong
            USING ERRCODE = 'check_violation';
    END IF;
    SELECT a.code || ', ' || s.code INTO wrong
        FROM (SELECT DISTINCT version_id, agency_id, funder_id, receiver_id, service_line_id FROM new_rows) r
        JOIN pilots_version v ON v.id = r.version_id
        JOIN pilots_count c ON c.id = v.count_id
        JOIN pilots_place p ON p.id = c.place_id
        JOIN pilots_agency a ON a.id = r.agency_id
        JOIN pilots_serviceline s ON s.id = r.service_line_id
        LEFT JOIN pilots_agency f ON f.id = r.funder_id
        LEFT JOIN pilots_agency e ON e.id = r.receiver_id
        WHERE a.programme_id <> p.programme_id OR s.programme_id <> p.programme_id
            OR f.programme_id <> p.programme_id OR e.programme_id <> p.programme_id LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'A spend line stays within its programme, and "%" reaches outside it.', wrong
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$function$;

CREATE TRIGGER b_check_insert AFTER INSERT ON pilots_spendline REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION check_spend_lines();
CREATE TRIGGER b_check_update AFTER UPDATE ON pilots_spendline REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION check_spend_lines();

-- A line's row version rises with every real change of it, whoever writes.
CREATE FUNCTION raise_row_version() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    NEW.row_version := OLD.row_version + 1;
    RETURN NEW;
END
$function$;

CREATE TRIGGER row_version BEFORE UPDATE ON pilots_spendline
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION raise_row_version();

-- What a sealed snapshot says of itself never changes either, what it leaves out included; only its way through
-- the review does.
CREATE FUNCTION refuse_sealed_version() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF current_setting('totalplace.restoring', true) = 'on' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Snapshot % is sealed and cannot be removed.', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.count_id, NEW.kind, NEW.number, NEW.missing, NEW.left_out, NEW.digest, NEW.sealed_at, NEW.created_at,
            NEW.begun_from_id)
        IS DISTINCT FROM
       (OLD.count_id, OLD.kind, OLD.number, OLD.missing, OLD.left_out, OLD.digest, OLD.sealed_at, OLD.created_at,
            OLD.begun_from_id)
    THEN
        RAISE EXCEPTION 'Snapshot % is sealed: what it holds never changes.', OLD.number
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$function$;

CREATE TRIGGER sealed_version BEFORE UPDATE OR DELETE ON pilots_version
    FOR EACH ROW WHEN (OLD.sealed_at IS NOT NULL) EXECUTE FUNCTION refuse_sealed_version();
