"""A published list of questions does not change; a concern's state has its row of history, which only grows.

The ways are written out, as a migration must be; ``tests/referrals/test_safeguarding.py`` holds them
against ``Concern.WAYS``.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION referrals_checklist_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'published' AND (
        TG_OP = 'DELETE'
        OR (NEW.id, NEW.number, NEW.state, NEW.revision, NEW.published_at)
           IS DISTINCT FROM (OLD.id, OLD.number, OLD.state, OLD.revision, OLD.published_at)
    ) THEN
        RAISE EXCEPTION 'edition % of the checklist is in use: it does not change', OLD.number
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER referrals_checklist_published
    BEFORE UPDATE OR DELETE ON referrals_checklistversion
    FOR EACH ROW EXECUTE FUNCTION referrals_checklist_published();

CREATE FUNCTION referrals_question_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
BEGIN
    SELECT state INTO stands FROM referrals_checklistversion
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END;
    IF stands = 'published' THEN
        RAISE EXCEPTION 'a question of a checklist in use is neither added, changed nor taken out'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER referrals_question_published
    BEFORE INSERT OR UPDATE OR DELETE ON referrals_checklistquestion
    FOR EACH ROW EXECUTE FUNCTION referrals_question_published();

CREATE FUNCTION referrals_concern_way() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number > 0 AND (NEW.from_state, NEW.to_state) NOT IN (
        ('raised', 'triaged'),
        ('triaged', 'passed-to-council'),
        ('triaged', 'managed-at-hub'),
        ('triaged', 'no-further-action')
    ) THEN
        RAISE EXCEPTION 'a concern that is % cannot become %', NEW.from_state, NEW.to_state
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.number > 0 AND NEW.decision = '' THEN
        RAISE EXCEPTION 'a decision about a concern says why' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.number > 0 AND NOT EXISTS (
        SELECT 1 FROM referrals_concernchange before
        WHERE before.concern_id = NEW.concern_id
          AND before.number = NEW.number - 1
          AND before.to_state = NEW.from_state
    ) THEN
        RAISE EXCEPTION 'step % does not follow from the one before', NEW.number
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER referrals_concern_way
    BEFORE INSERT ON referrals_concernchange
    FOR EACH ROW EXECUTE FUNCTION referrals_concern_way();

CREATE FUNCTION referrals_concern_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- What was written and by whom may be forgotten in time; everything else stays as it was.
    IF TG_OP = 'UPDATE'
       AND (NEW.decision = '' OR NEW.decision = OLD.decision)
       AND (NEW.by_id IS NULL OR NEW.by_id = OLD.by_id)
       AND (NEW.id, NEW.concern_id, NEW.number, NEW.from_state, NEW.to_state, NEW.at)
           IS NOT DISTINCT FROM
           (OLD.id, OLD.concern_id, OLD.number, OLD.from_state, OLD.to_state, OLD.at)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what was decided about a concern is neither changed nor deleted (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER referrals_concern_append_only
    BEFORE UPDATE OR DELETE ON referrals_concernchange
    FOR EACH ROW EXECUTE FUNCTION referrals_concern_append_only();

-- At the end of the transaction: the state is the one that the last row of history says.
CREATE FUNCTION referrals_concern_has_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text;
    stands text;
BEGIN
    SELECT state INTO stands FROM referrals_concern WHERE id = NEW.id;
    SELECT to_state INTO said FROM referrals_concernchange
        WHERE concern_id = NEW.id ORDER BY number DESC LIMIT 1;
    IF stands IS NOT NULL AND stands IS DISTINCT FROM said THEN
        RAISE EXCEPTION 'the state % of a concern has no row of history', stands
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER referrals_concern_has_history
    AFTER INSERT OR UPDATE OF state ON referrals_concern
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION referrals_concern_has_history();
"""
DROP = """
DROP TRIGGER referrals_concern_has_history ON referrals_concern;
DROP FUNCTION referrals_concern_has_history();
DROP TRIGGER referrals_concern_append_only ON referrals_concernchange;
DROP FUNCTION referrals_concern_append_only();
DROP TRIGGER referrals_concern_way ON referrals_concernchange;
DROP FUNCTION referrals_concern_way();
DROP TRIGGER referrals_question_published ON referrals_checklistquestion;
DROP FUNCTION referrals_question_published();
DROP TRIGGER referrals_checklist_published ON referrals_checklistversion;
DROP FUNCTION referrals_checklist_published();
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0005_checklist_and_concern")]

    operations = [migrations.RunSQL(CREATE, DROP)]
