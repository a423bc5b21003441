"""The audit table refuses changes in the database itself.

A trigger refuses every UPDATE and DELETE, by whatever program, except the one that the function
``audit_redact`` makes: it replaces an event's details by what may stay after an erasure, and says when.
TRUNCATE is left to the table's owner: test databases are emptied with it.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND current_setting('dcsn.redacting_event', true) = OLD.id::text
        AND (NEW.id, NEW.type, NEW.happened_at, NEW.actor_user, NEW.actor_job, NEW.subject,
             NEW.organisation, NEW.fields)
            IS NOT DISTINCT FROM
            (OLD.id, OLD.type, OLD.happened_at, OLD.actor_user, OLD.actor_job, OLD.subject,
             OLD.organisation, OLD.fields)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'audit events are neither changed nor deleted (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER audit_event_append_only
    BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();

CREATE FUNCTION audit_redact(event uuid, kept jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('dcsn.redacting_event', event::text, true);
    UPDATE audit_event SET details = kept, redacted_at = now() WHERE id = event;
    PERFORM set_config('dcsn.redacting_event', '', true);
END
$$;
"""
DROP = """
DROP TRIGGER audit_event_append_only ON audit_event;
DROP FUNCTION audit_refuse_change();
DROP FUNCTION audit_redact(uuid, jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
