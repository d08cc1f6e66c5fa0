-- The feed of what became new for everybody (pilots_change).
--
-- A feed that is pulled by "what came after N" must never show N+1 before N. So rows are numbered while a lock is
-- held until the commit, and by deferred triggers, which run when everything else of a transaction is done: nobody
-- waits for more than a commit, and nothing else is ever waited for with the lock held.

CREATE FUNCTION tell_of_change(event text, version bigint, map bigint) RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
    IF current_setting('totalplace.restoring', true) = 'on' THEN
        RETURN;  -- restoring a backup brings its own feed
    END IF;
    PERFORM pg_advisory_xact_lock(28775, 25957);
    INSERT INTO pilots_change (event, at, place_id, version_id, map_number)
    SELECT event, clock_timestamp(), c.place_id, v.id, map
    FROM pilots_version v JOIN pilots_count c ON c.id = v.count_id WHERE v.id = version;
END
$function$;

CREATE FUNCTION tell_of_publication() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM tell_of_change('count.published', NEW.published_id, NULL);
    -- A snapshot may have its map before it is published.
    PERFORM tell_of_change('map.current', m.version_id, m.map_id) FROM mapping_currentmap m
        WHERE m.version_id = NEW.published_id;
    RETURN NULL;
END
$function$;

CREATE FUNCTION tell_of_current_map() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF EXISTS (SELECT FROM pilots_count c WHERE c.published_id = NEW.version_id)
        -- Published in this very transaction: the publication told of it, or will.
        AND NOT EXISTS (SELECT FROM pilots_change t WHERE t.version_id = NEW.version_id AND t.map_number = NEW.map_id
            AND t.id = (SELECT max(id) FROM pilots_change l WHERE l.version_id = NEW.version_id))
    THEN
        PERFORM tell_of_change('map.current', NEW.version_id, NEW.map_id);
    END IF;
    RETURN NULL;
END
$function$;

CREATE CONSTRAINT TRIGGER feed_of_publications AFTER UPDATE OF published_id ON pilots_count
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.published_id IS NOT NULL AND NEW.published_id IS DISTINCT FROM OLD.published_id)
    EXECUTE FUNCTION tell_of_publication();
CREATE CONSTRAINT TRIGGER feed_of_maps_made AFTER INSERT ON mapping_currentmap
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tell_of_current_map();
CREATE CONSTRAINT TRIGGER feed_of_maps_remade AFTER UPDATE OF map_id ON mapping_currentmap
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.map_id IS DISTINCT FROM OLD.map_id) EXECUTE FUNCTION tell_of_current_map();

-- What was published before there was a feed stands at its beginning.
SET CONSTRAINTS ALL IMMEDIATE;
INSERT INTO pilots_change (event, at, place_id, version_id)
SELECT 'count.published', coalesce(v.published_at, v.created_at), c.place_id, v.id
FROM pilots_version v JOIN pilots_count c ON c.published_id = v.id ORDER BY v.published_at, v.id;
INSERT INTO pilots_change (event, at, place_id, version_id, map_number)
SELECT 'map.current', m.computed_at, c.place_id, m.version_id, m.id
FROM mapping_savingsmap m JOIN mapping_currentmap u ON u.map_id = m.id JOIN pilots_count c ON c.published_id = m.version_id
ORDER BY m.computed_at, m.id;
