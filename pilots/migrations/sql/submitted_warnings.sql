-- As in review.sql; what the sense checks said and what was answered is part of what was submitted.

CREATE OR REPLACE FUNCTION refuse_submission_change() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF current_setting('totalplace.restoring', true) = 'on' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A submission is kept: it cannot be removed.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.snapshot_id, NEW.submitted_by_id, NEW.submitted_at, NEW.answers, NEW.message, NEW.warnings, NEW.compared_with_id,
            NEW.added, NEW.changed, NEW.removed, NEW.total_before, NEW.total_after)
        IS DISTINCT FROM
       (OLD.snapshot_id, OLD.submitted_by_id, OLD.submitted_at, OLD.answers, OLD.message, OLD.warnings, OLD.compared_with_id,
            OLD.added, OLD.changed, OLD.removed, OLD.total_before, OLD.total_after)
    THEN
        RAISE EXCEPTION 'What was submitted never changes: submit again.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$function$;
