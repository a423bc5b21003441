"""The ledger balances and only grows, and versions stay as they are, by whatever program they are written.

TRUNCATE is left to the table's owner: test databases are emptied with it.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION pathways_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is neither changed nor deleted (%)', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER pathways_ledgerentry_append_only
    BEFORE UPDATE OR DELETE ON pathways_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION pathways_refuse_change();

CREATE TRIGGER pathways_ledgerline_append_only
    BEFORE UPDATE OR DELETE ON pathways_ledgerline
    FOR EACH ROW EXECUTE FUNCTION pathways_refuse_change();

-- Who made a version may be forgotten with their account; what it holds stays.
CREATE FUNCTION pathways_allocation_unchanging() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR to_jsonb(NEW) - 'made_by_id' IS DISTINCT FROM to_jsonb(OLD) - 'made_by_id' THEN
        RAISE EXCEPTION 'a version of the allocation table is neither changed nor deleted (%)', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER pathways_allocationversion_unchanging
    BEFORE UPDATE OR DELETE ON pathways_allocationversion
    FOR EACH ROW EXECUTE FUNCTION pathways_allocation_unchanging();

-- At the end of the transaction every entry that it touched has lines, and they sum to zero.
CREATE FUNCTION pathways_ledger_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched uuid;
    lines bigint;
    total numeric;
BEGIN
    IF TG_TABLE_NAME = 'pathways_ledgerentry' THEN
        touched := NEW.id;
    ELSE
        touched := NEW.entry_id;
    END IF;
    SELECT count(*), coalesce(sum(pence), 0) INTO lines, total
        FROM pathways_ledgerline WHERE entry_id = touched;
    IF lines < 2 OR total <> 0 THEN
        RAISE EXCEPTION 'the ledger entry % does not balance (% lines, % pence)', touched, lines, total
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER pathways_ledgerentry_balances
    AFTER INSERT ON pathways_ledgerentry
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION pathways_ledger_balances();

CREATE CONSTRAINT TRIGGER pathways_ledgerline_balances
    AFTER INSERT ON pathways_ledgerline
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION pathways_ledger_balances();
"""
DROP = """
DROP TRIGGER pathways_ledgerline_balances ON pathways_ledgerline;
DROP TRIGGER pathways_ledgerentry_balances ON pathways_ledgerentry;
DROP FUNCTION pathways_ledger_balances();
DROP TRIGGER pathways_allocationversion_unchanging ON pathways_allocationversion;
DROP FUNCTION pathways_allocation_unchanging();
DROP TRIGGER pathways_ledgerline_append_only ON pathways_ledgerline;
DROP TRIGGER pathways_ledgerentry_append_only ON pathways_ledgerentry;
DROP FUNCTION pathways_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("pathways", "0001_pathways")]

    operations = [migrations.RunSQL(CREATE, DROP)]
