-- A place that comes back queues with those who change memberships: they hold its programme's row, since the
-- register's revision rises with each of their changes. Else two of them could each miss what the other commits.

CREATE OR REPLACE FUNCTION check_memberships_of_place() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM p.id FROM pilots_programme p WHERE p.id = NEW.programme_id FOR UPDATE;
    PERFORM check_shares_of(m.agency_id) FROM pilots_membership m WHERE m.place_id = NEW.id;
    RETURN NULL;
END
$function$;
