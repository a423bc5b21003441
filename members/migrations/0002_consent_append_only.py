"""The table of consents refuses changes in the database itself, by whatever program.

TRUNCATE is left to the table's owner: test databases are emptied with it.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION members_consent_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a consent is neither changed nor deleted (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER members_consent_append_only
    BEFORE UPDATE OR DELETE ON members_consent
    FOR EACH ROW EXECUTE FUNCTION members_consent_refuse_change();

CREATE FUNCTION members_consent_check_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.withdraws_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM members_consent given
        WHERE given.id = NEW.withdraws_id
          AND given.withdraws_id IS NULL
          AND given.purpose = NEW.purpose
          AND given.organisation_id = NEW.organisation_id
          AND given.at <= NEW.at
    ) THEN
        RAISE EXCEPTION 'a withdrawal is of an earlier consent for the same purpose'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER members_consent_withdrawal_fits
    BEFORE INSERT ON members_consent
    FOR EACH ROW EXECUTE FUNCTION members_consent_check_withdrawal();
"""
DROP = """
DROP TRIGGER members_consent_append_only ON members_consent;
DROP FUNCTION members_consent_refuse_change();
DROP TRIGGER members_consent_withdrawal_fits ON members_consent;
DROP FUNCTION members_consent_check_withdrawal();
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
