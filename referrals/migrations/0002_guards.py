"""The database itself refuses a way that the table of states does not have, and a state without its row
of history; that history only grows.

The ways are written out, as a migration must be; ``tests/referrals/test_states.py`` holds them against
``referrals.states.TRANSITIONS``.
"""

from django.db import migrations

WAYS = """
    ('draft', 'requested'), ('draft', 'entered-in-error'),
    ('requested', 'received'), ('requested', 'accepted'), ('requested', 'rejected'),
    ('requested', 'cancelled'), ('requested', 'entered-in-error'),
    ('received', 'accepted'), ('received', 'rejected'), ('received', 'cancelled'),
    ('received', 'entered-in-error'),
    ('accepted', 'in-progress'), ('accepted', 'on-hold'), ('accepted', 'cancelled'),
    ('accepted', 'failed'), ('accepted', 'entered-in-error'),
    ('in-progress', 'on-hold'), ('in-progress', 'completed'), ('in-progress', 'failed'),
    ('in-progress', 'cancelled'), ('in-progress', 'entered-in-error'),
    ('on-hold', 'in-progress'), ('on-hold', 'cancelled'), ('on-hold', 'failed'),
    ('on-hold', 'entered-in-error'),
    ('completed', 'entered-in-error'), ('failed', 'entered-in-error'),
    ('rejected', 'entered-in-error'), ('cancelled', 'entered-in-error')
"""

CREATE = """
CREATE FUNCTION referrals_change_way() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number > 0 AND (NEW.from_state, NEW.to_state) NOT IN (WAYS) THEN
        RAISE EXCEPTION 'a referral that is % cannot become %', NEW.from_state, NEW.to_state
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.number > 0 AND NOT EXISTS (
        SELECT 1 FROM referrals_statechange before
        WHERE before.referral_id = NEW.referral_id
          AND before.number = NEW.number - 1
          AND before.to_state = NEW.from_state
    ) THEN
        RAISE EXCEPTION 'step % does not follow from the one before', NEW.number
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER referrals_change_way
    BEFORE INSERT ON referrals_statechange
    FOR EACH ROW EXECUTE FUNCTION referrals_change_way();

CREATE FUNCTION referrals_change_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- What was written and by whom may be forgotten; everything else stays as it was.
    IF TG_OP = 'UPDATE'
       AND NEW.reason_text = '' AND NEW.by_name = ''
       AND (NEW.by_user_id IS NULL OR NEW.by_user_id = OLD.by_user_id)
       AND (NEW.recorded_by_id IS NULL OR NEW.recorded_by_id = OLD.recorded_by_id)
       AND (NEW.id, NEW.referral_id, NEW.number, NEW.from_state, NEW.to_state, NEW.at, NEW.party,
            NEW.by_organisation_id, NEW.via, NEW.reason_code, NEW.expected_on)
           IS NOT DISTINCT FROM
           (OLD.id, OLD.referral_id, OLD.number, OLD.from_state, OLD.to_state, OLD.at, OLD.party,
            OLD.by_organisation_id, OLD.via, OLD.reason_code, OLD.expected_on)
    THEN
        RETURN NEW;
    END IF;
    -- An account that is removed leaves the rest (ON DELETE SET NULL is done by the application).
    IF TG_OP = 'UPDATE'
       AND NEW.reason_text = OLD.reason_text AND NEW.by_name = OLD.by_name
       AND (NEW.by_user_id IS NULL OR NEW.by_user_id = OLD.by_user_id)
       AND (NEW.recorded_by_id IS NULL OR NEW.recorded_by_id = OLD.recorded_by_id)
       AND (NEW.id, NEW.referral_id, NEW.number, NEW.from_state, NEW.to_state, NEW.at, NEW.party,
            NEW.by_organisation_id, NEW.via, NEW.reason_code, NEW.expected_on)
           IS NOT DISTINCT FROM
           (OLD.id, OLD.referral_id, OLD.number, OLD.from_state, OLD.to_state, OLD.at, OLD.party,
            OLD.by_organisation_id, OLD.via, OLD.reason_code, OLD.expected_on)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what became of a referral is neither changed nor deleted (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER referrals_change_append_only
    BEFORE UPDATE OR DELETE ON referrals_statechange
    FOR EACH ROW EXECUTE FUNCTION referrals_change_append_only();

-- At the end of the transaction: the state is the one that the last row of history says.
CREATE FUNCTION referrals_state_has_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text;
    stands text;
BEGIN
    SELECT state INTO stands FROM referrals_referral WHERE id = NEW.id;
    SELECT to_state INTO said FROM referrals_statechange
        WHERE referral_id = NEW.id ORDER BY number DESC LIMIT 1;
    IF stands IS NOT NULL AND stands IS DISTINCT FROM said THEN
        RAISE EXCEPTION 'the state % of a referral has no row of history', stands
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER referrals_state_has_history
    AFTER INSERT OR UPDATE OF state ON referrals_referral
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION referrals_state_has_history();
""".replace("WAYS", WAYS)
DROP = """
DROP TRIGGER referrals_state_has_history ON referrals_referral;
DROP FUNCTION referrals_state_has_history();
DROP TRIGGER referrals_change_append_only ON referrals_statechange;
DROP FUNCTION referrals_change_append_only();
DROP TRIGGER referrals_change_way ON referrals_statechange;
DROP FUNCTION referrals_change_way();
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
