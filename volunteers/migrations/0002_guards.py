"""The database itself refuses a way that the tables of states do not have, a state of a volunteer or of a
request without its row of history, and a redirection to nothing; history only grows.

The ways are written out, as a migration must be; ``tests/volunteers/test_states.py`` holds them against
``volunteers.states``.
"""

from django.db import migrations

VOLUNTEER = """
    ('interested', 'applied'), ('interested', 'redirected'), ('interested', 'left'),
    ('applied', 'checking'), ('applied', 'redirected'), ('applied', 'not-suitable'),
    ('applied', 'left'),
    ('checking', 'cleared'), ('checking', 'redirected'), ('checking', 'not-suitable'),
    ('checking', 'left'),
    ('cleared', 'inducted'), ('cleared', 'checking'), ('cleared', 'left'),
    ('inducted', 'active'), ('inducted', 'left'),
    ('active', 'paused'), ('active', 'left'),
    ('paused', 'active'), ('paused', 'left'),
    ('left', 'applied'),
    ('redirected', 'applied'), ('redirected', 'left'),
    ('not-suitable', 'applied')
"""
HELP = """
    ('asked', 'triaged'), ('asked', 'not-suitable-for-volunteers'), ('asked', 'cancelled'),
    ('triaged', 'offered'), ('triaged', 'unfilled'), ('triaged', 'not-suitable-for-volunteers'),
    ('triaged', 'cancelled'),
    ('offered', 'matched'), ('offered', 'triaged'), ('offered', 'unfilled'),
    ('offered', 'cancelled'),
    ('matched', 'in-progress'), ('matched', 'triaged'), ('matched', 'cancelled'),
    ('in-progress', 'done'), ('in-progress', 'triaged'), ('in-progress', 'cancelled'),
    ('unfilled', 'triaged'), ('unfilled', 'offered'), ('unfilled', 'not-suitable-for-volunteers'),
    ('unfilled', 'cancelled')
"""
OFFER = """
    ('suggested', 'offered'), ('suggested', 'cancelled'),
    ('offered', 'accepted'), ('offered', 'declined'), ('offered', 'lapsed'),
    ('offered', 'cancelled'),
    ('accepted', 'declined'), ('accepted', 'done'), ('accepted', 'no-show'),
    ('accepted', 'cancelled')
"""
CHECK = """
    ('not-needed', 'needed'),
    ('needed', 'not-needed'), ('needed', 'requested'), ('needed', 'seen'),
    ('requested', 'not-needed'), ('requested', 'seen'),
    ('seen', 'decision-recorded')
"""
OPPORTUNITY = """
    ('draft', 'open'), ('draft', 'cancelled'),
    ('open', 'draft'), ('open', 'filled'), ('open', 'done'), ('open', 'cancelled'),
    ('filled', 'open'), ('filled', 'done'), ('filled', 'cancelled')
"""

# Of what keeps a history: each step follows the one before, and the state is the last one's.
HISTORY = """
CREATE FUNCTION volunteers_NAME_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number > 0 AND (NEW.from_state, NEW.to_state) NOT IN (WAYS) THEN
        RAISE EXCEPTION 'what is % cannot become %', NEW.from_state, NEW.to_state
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.number > 0 AND NOT EXISTS (
        SELECT 1 FROM CHANGES before
        WHERE before.OWNER_id = NEW.OWNER_id
          AND before.number = NEW.number - 1
          AND before.to_state = NEW.from_state
    ) THEN
        RAISE EXCEPTION 'step % does not follow from the one before', NEW.number
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER volunteers_NAME_step BEFORE INSERT ON CHANGES
    FOR EACH ROW EXECUTE FUNCTION volunteers_NAME_step();

CREATE FUNCTION volunteers_NAME_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- What was written and by whom may be forgotten; everything else stays as it was.
    IF TG_OP = 'UPDATE'
       AND (NEW.reason_text = '' OR NEW.reason_text = OLD.reason_text)
       AND (NEW.by_user_id IS NULL OR NEW.by_user_id = OLD.by_user_id)
       AND (NEW.id, NEW.OWNER_id, NEW.number, NEW.from_state, NEW.to_state, NEW.at, NEW.party,
            NEW.reason_code)
           IS NOT DISTINCT FROM
           (OLD.id, OLD.OWNER_id, OLD.number, OLD.from_state, OLD.to_state, OLD.at, OLD.party,
            OLD.reason_code)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a step is neither changed nor deleted (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER volunteers_NAME_append_only BEFORE UPDATE OR DELETE ON CHANGES
    FOR EACH ROW EXECUTE FUNCTION volunteers_NAME_append_only();

-- At the end of the transaction: the state is the one that the last row of history says.
CREATE FUNCTION volunteers_NAME_has_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text;
    stands text;
BEGIN
    SELECT state INTO stands FROM TABLE_OF WHERE id = NEW.id;
    SELECT to_state INTO said FROM CHANGES
        WHERE OWNER_id = NEW.id ORDER BY number DESC LIMIT 1;
    IF stands IS NOT NULL AND stands IS DISTINCT FROM said THEN
        RAISE EXCEPTION 'the state % has no row of history', stands
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER volunteers_NAME_has_history
    AFTER INSERT OR UPDATE OF state ON TABLE_OF
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION volunteers_NAME_has_history();
"""
DROP_HISTORY = """
DROP TRIGGER volunteers_NAME_has_history ON TABLE_OF;
DROP FUNCTION volunteers_NAME_has_history();
DROP TRIGGER volunteers_NAME_append_only ON CHANGES;
DROP FUNCTION volunteers_NAME_append_only();
DROP TRIGGER volunteers_NAME_step ON CHANGES;
DROP FUNCTION volunteers_NAME_step();
"""

# Of what keeps none: the row's own state goes only the ways of its table.
WAY = """
CREATE FUNCTION volunteers_NAME_way() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state, NEW.state) NOT IN (WAYS) THEN
        RAISE EXCEPTION 'what is % cannot become %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER volunteers_NAME_way BEFORE UPDATE OF state ON TABLE_OF
    FOR EACH ROW EXECUTE FUNCTION volunteers_NAME_way();
"""
DROP_WAY = """
DROP TRIGGER volunteers_NAME_way ON TABLE_OF;
DROP FUNCTION volunteers_NAME_way();
"""

# Nobody is just "rejected": at the end of the transaction, who is redirected was shown something since
# they came into that state.
REDIRECTED = """
CREATE FUNCTION volunteers_redirected_to_something() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM volunteers_volunteer
        WHERE id = NEW.id AND state = 'redirected' AND anonymised_at IS NULL
    ) AND NOT EXISTS (
        SELECT 1 FROM volunteers_redirection WHERE volunteer_id = NEW.id
    ) THEN
        RAISE EXCEPTION 'who is redirected needs at least one suggestion'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER volunteers_redirected_to_something
    AFTER INSERT OR UPDATE OF state ON volunteers_volunteer
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION volunteers_redirected_to_something();
"""
DROP_REDIRECTED = """
DROP TRIGGER volunteers_redirected_to_something ON volunteers_volunteer;
DROP FUNCTION volunteers_redirected_to_something();
"""


def _said(sql: str, **words: str) -> str:
    for word, value in words.items():
        sql = sql.replace(word, value)
    return sql


def _history(name: str, owner: str, table: str, changes: str, ways: str) -> migrations.RunSQL:
    words = {"NAME": name, "OWNER": owner, "TABLE_OF": table, "CHANGES": changes, "WAYS": ways}
    return migrations.RunSQL(_said(HISTORY, **words), _said(DROP_HISTORY, **words))


def _way(name: str, table: str, ways: str) -> migrations.RunSQL:
    words = {"NAME": name, "TABLE_OF": table, "WAYS": ways}
    return migrations.RunSQL(_said(WAY, **words), _said(DROP_WAY, **words))


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0001_initial")]

    operations = [
        _history(
            "volunteer",
            "volunteer",
            "volunteers_volunteer",
            "volunteers_volunteerchange",
            VOLUNTEER,
        ),
        _history("help", "help_request", "volunteers_helprequest", "volunteers_helpchange", HELP),
        _way("offer", "volunteers_offer", OFFER),
        _way("check", "volunteers_check", CHECK),
        _way("opportunity", "volunteers_opportunity", OPPORTUNITY),
        migrations.RunSQL(REDIRECTED, DROP_REDIRECTED),
    ]
