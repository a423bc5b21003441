"""The journal balances and only grows, by whatever program it is written.

TRUNCATE is left to the table's owner: test databases are emptied with it.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION members_journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is neither changed nor deleted (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER members_journalentry_append_only
    BEFORE UPDATE OR DELETE ON members_journalentry
    FOR EACH ROW EXECUTE FUNCTION members_journal_refuse_change();

CREATE TRIGGER members_journalline_append_only
    BEFORE UPDATE OR DELETE ON members_journalline
    FOR EACH ROW EXECUTE FUNCTION members_journal_refuse_change();

-- At the end of the transaction every entry that it touched has lines, and they sum to zero.
CREATE FUNCTION members_journal_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched uuid;
    lines bigint;
    total numeric;
BEGIN
    IF TG_TABLE_NAME = 'members_journalentry' THEN
        touched := NEW.id;
    ELSE
        touched := NEW.entry_id;
    END IF;
    SELECT count(*), coalesce(sum(pence), 0) INTO lines, total
        FROM members_journalline WHERE entry_id = touched;
    IF lines < 2 OR total <> 0 THEN
        RAISE EXCEPTION 'the journal entry % does not balance (% lines, % pence)', touched, lines, total
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER members_journalentry_balances
    AFTER INSERT ON members_journalentry
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION members_journal_balances();

CREATE CONSTRAINT TRIGGER members_journalline_balances
    AFTER INSERT ON members_journalline
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION members_journal_balances();
"""
DROP = """
DROP TRIGGER members_journalline_balances ON members_journalline;
DROP TRIGGER members_journalentry_balances ON members_journalentry;
DROP FUNCTION members_journal_balances();
DROP TRIGGER members_journalline_append_only ON members_journalline;
DROP TRIGGER members_journalentry_append_only ON members_journalentry;
DROP FUNCTION members_journal_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0009_memberships_and_money")]

    operations = [migrations.RunSQL(CREATE, DROP)]
