-- No pound stands in two places: a body's shares add to at most one over the active places of its programme,
-- and a lowest-tier area (a body with a gss_code) belongs to at most one of them. Checked at commit, so that a
-- body can move from one place to another in one transaction.

CREATE FUNCTION check_shares_of(wanted_agency bigint) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
    found_shares record;
BEGIN
    SELECT a.name, a.gss_code, count(*) AS places, sum(m.share) AS total,
        string_agg(p.name || ' ' || m.share, ', ' ORDER BY p.name) AS listed
        INTO found_shares
        FROM pilots_membership m
        JOIN pilots_place p ON p.id = m.place_id AND p.retired_on IS NULL
        JOIN pilots_agency a ON a.id = m.agency_id
        WHERE m.agency_id = wanted_agency GROUP BY a.id;
    IF found_shares.total > 1 THEN
        RAISE EXCEPTION 'The shares of % add to more than one: %.', found_shares.name, found_shares.listed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shares_add_to_at_most_one';
    END IF;
    IF found_shares.gss_code <> '' AND found_shares.places > 1 THEN
        RAISE EXCEPTION '% is a lowest-tier area and belongs to at most one active place: %.',
            found_shares.name, found_shares.listed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'area_in_one_active_place';
    END IF;
END
$function$;

CREATE FUNCTION check_membership() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pilots_place p JOIN pilots_agency a ON a.programme_id = p.programme_id
        WHERE p.id = NEW.place_id AND a.id = NEW.agency_id
    ) THEN
        RAISE EXCEPTION 'A place and its bodies belong to one programme.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_within_a_programme';
    END IF;
    PERFORM check_shares_of(NEW.agency_id);
    RETURN NULL;
END
$function$;

CREATE CONSTRAINT TRIGGER membership_shares AFTER INSERT OR UPDATE ON pilots_membership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_membership();

CREATE FUNCTION check_memberships_of_place() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM check_shares_of(m.agency_id) FROM pilots_membership m WHERE m.place_id = NEW.id;
    RETURN NULL;
END
$function$;

CREATE CONSTRAINT TRIGGER place_brought_back AFTER UPDATE OF retired_on ON pilots_place
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.retired_on IS NOT NULL AND NEW.retired_on IS NULL) EXECUTE FUNCTION check_memberships_of_place();

CREATE FUNCTION check_memberships_of_agency() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM check_shares_of(NEW.id);
    RETURN NULL;
END
$function$;

CREATE CONSTRAINT TRIGGER agency_made_lowest_tier AFTER UPDATE OF gss_code ON pilots_agency
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.gss_code = '' AND NEW.gss_code <> '') EXECUTE FUNCTION check_memberships_of_agency();
