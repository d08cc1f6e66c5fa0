-- The decisions that were taken before they had rows of their own, from the history: a submission's own row held
-- the last one alone.

INSERT INTO pilots_decision (submission_id, stage, person_id, at, comment)
SELECT * FROM (
    SELECT s.id AS submission_id, v.after->>'status' AS stage, (h.after->>'decided_by_id')::bigint AS person_id,
        (h.after->>'decided_at')::timestamptz AS at, h.after->>'comment' AS comment
    FROM pilots_history h
        JOIN pilots_submission s ON s.id = h.row_id
        JOIN pilots_history v ON v.transaction = h.transaction AND v.table_name = 'pilots_version'
            AND v.row_id = s.snapshot_id AND v.before->>'status' IS DISTINCT FROM v.after->>'status'
            AND v.after->>'status' IN ('returned', 'approved')
    WHERE h.table_name = 'pilots_submission' AND h.operation = 'update'
        AND h.before->'decided_at' IS DISTINCT FROM h.after->'decided_at'
    UNION ALL
    SELECT s.id, 'published', v.published_by_id, v.published_at, ''
    FROM pilots_submission s JOIN pilots_version v ON v.id = s.snapshot_id
    WHERE v.published_at IS NOT NULL AND v.published_by_id IS NOT NULL
) taken ORDER BY at, stage;
