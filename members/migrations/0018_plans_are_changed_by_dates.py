"""Two officers are told apart by a plan's version; its terms are never changed, by whatever program.

Deleting terms that have not begun is allowed: whatever was agreed on them is protected by its foreign key.
"""

from django.db import migrations, models
from django.utils.dates import MONTHS

CREATE = """
CREATE FUNCTION members_plan_terms_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Who wrote them down may be forgotten.
    OLD.recorded_by_id := NEW.recorded_by_id;
    IF OLD IS DISTINCT FROM NEW THEN
        RAISE EXCEPTION 'the terms of a plan are not changed: add new ones from a later day'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER members_planterms_fixed
    BEFORE UPDATE ON members_planterms
    FOR EACH ROW EXECUTE FUNCTION members_plan_terms_refuse_change();
"""
DROP = """
DROP TRIGGER members_planterms_fixed ON members_planterms;
DROP FUNCTION members_plan_terms_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0017_refunds_and_tokens")]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AlterField(
            model_name="planterms",
            name="fixed_month",
            field=models.PositiveSmallIntegerField(blank=True, choices=MONTHS, null=True),
        ),
        migrations.AlterField(
            model_name="planterms",
            name="rollover_month",
            field=models.PositiveSmallIntegerField(blank=True, choices=MONTHS, null=True),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
