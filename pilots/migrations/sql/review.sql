-- The review: what was submitted is kept, a count goes through its stages in order, and what is locked is locked.

CREATE FUNCTION refuse_submission_change() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF current_setting('totalplace.restoring', true) = 'on' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A submission is kept: it cannot be removed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.snapshot_id, NEW.submitted_by_id, NEW.submitted_at, NEW.answers, NEW.message, NEW.compared_with_id,
            NEW.added, NEW.changed, NEW.removed, NEW.total_before, NEW.total_after)
        IS DISTINCT FROM
       (OLD.snapshot_id, OLD.submitted_by_id, OLD.submitted_at, OLD.answers, OLD.message, OLD.compared_with_id,
            OLD.added, OLD.changed, OLD.removed, OLD.total_before, OLD.total_after)
    THEN
        RAISE EXCEPTION 'What was submitted never changes: submit again.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$function$;

CREATE TRIGGER submission_is_kept BEFORE UPDATE OR DELETE ON pilots_submission
    FOR EACH ROW EXECUTE FUNCTION refuse_submission_change();

-- Which stage may follow which, whoever writes. A command may publish a draft, as official returns are.
CREATE FUNCTION refuse_skipped_stage() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF current_setting('totalplace.restoring', true) = 'on' THEN
        RETURN NEW;
    END IF;
    IF NOT (OLD.status, NEW.status) IN (
        ('draft', 'submitted'), ('draft', 'published'),
        ('submitted', 'returned'), ('submitted', 'approved'),
        ('returned', 'submitted'), ('returned', 'published'),
        ('approved', 'returned'), ('approved', 'published'),
        ('published', 'draft')
    ) THEN
        RAISE EXCEPTION 'A count that is % cannot become %.', OLD.status, NEW.status
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$function$;

CREATE TRIGGER stages_in_order BEFORE UPDATE OF status ON pilots_version
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION refuse_skipped_stage();

-- As in spend.sql, and the version's row is held first: lines that are being written while a count is submitted
-- are in its snapshot, or refused.
CREATE OR REPLACE FUNCTION refuse_locked_lines() RETURNS trigger LANGUAGE plpgsql AS $function$
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
    EXECUTE format('SELECT v.id FROM pilots_version v WHERE v.id IN (%s) ORDER BY v.id FOR UPDATE', rows_of);
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

CALL track_history('pilots_submission');
CALL track_history('pilots_reviewcomment');
CALL track_history('pilots_warninganswer');
CALL track_history('pilots_invitation', left_out => 'token_hash');
CALL track_history('pilots_passwordreset', left_out => 'token_hash');
CALL track_history('pilots_progressupdate');
CALL track_history('pilots_judgement');
CALL track_history('pilots_question');
CALL track_history('pilots_qualitymeasure_service_lines');
