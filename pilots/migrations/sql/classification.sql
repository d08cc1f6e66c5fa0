-- The service tree: a parent is of the same programme, no line is its own ancestor, no line with spend gets
-- lines below it, and each line's ancestors stand in a small table.

CREATE FUNCTION keep_service_ancestors() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    wrong text;
BEGIN
    SELECT child.code INTO wrong FROM pilots_serviceline child
        JOIN pilots_serviceline parent ON parent.id = child.parent_id
        WHERE parent.programme_id <> child.programme_id LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'The service line "%" has a parent in another programme.', wrong
            USING ERRCODE = 'check_violation';
    END IF;
    SELECT parent.code INTO wrong FROM pilots_serviceline child
        JOIN pilots_serviceline parent ON parent.id = child.parent_id
        WHERE child.id IN (SELECT id FROM new_rows)
        AND EXISTS (SELECT FROM pilots_spendline l WHERE l.service_line_id = parent.id) LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'The service line "%" has spend recorded on it and cannot have lines below it.', wrong
            USING ERRCODE = 'check_violation';
    END IF;

    DELETE FROM pilots_servicelineancestor;
    INSERT INTO pilots_servicelineancestor (service_line_id, ancestor_id, level)
        WITH RECURSIVE depths AS (
            SELECT id, 0 AS level FROM pilots_serviceline WHERE parent_id IS NULL
            UNION ALL
            SELECT s.id, d.level + 1 FROM pilots_serviceline s JOIN depths d ON d.id = s.parent_id
        ), pairs AS (
            SELECT id AS service_line_id, id AS ancestor_id FROM depths
            UNION ALL
            SELECT p.service_line_id, s.parent_id FROM pairs p
                JOIN pilots_serviceline s ON s.id = p.ancestor_id WHERE s.parent_id IS NOT NULL
        )
        SELECT p.service_line_id, p.ancestor_id, d.level FROM pairs p JOIN depths d ON d.id = p.ancestor_id;

    SELECT s.code INTO wrong FROM pilots_serviceline s
        WHERE NOT EXISTS (SELECT FROM pilots_servicelineancestor a WHERE a.service_line_id = s.id) LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'The service line "%" would be its own ancestor.', wrong USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$function$;

CREATE TRIGGER service_ancestors_insert AFTER INSERT ON pilots_serviceline REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION keep_service_ancestors();
CREATE TRIGGER service_ancestors_update AFTER UPDATE ON pilots_serviceline REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION keep_service_ancestors();
