"""Who wrote an estimate of carers down and when; and none is changed afterwards."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

CREATE = """
-- Who wrote it down may be forgotten with their account; what it says stays.
CREATE FUNCTION pathways_estimate_unchanging() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR to_jsonb(NEW) - 'made_by_id' IS DISTINCT FROM to_jsonb(OLD) - 'made_by_id' THEN
        RAISE EXCEPTION 'an estimate of carers is neither changed nor deleted (%)', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER pathways_carerestimate_unchanging
    BEFORE UPDATE OR DELETE ON pathways_carerestimate
    FOR EACH ROW EXECUTE FUNCTION pathways_estimate_unchanging();
"""
DROP = """
DROP TRIGGER pathways_carerestimate_unchanging ON pathways_carerestimate;
DROP FUNCTION pathways_estimate_unchanging();
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("pathways", "0006_risks_settled"),
    ]
    operations = [
        migrations.AddField(
            model_name="carerestimate",
            name="made_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="carerestimate",
            name="made_by_name",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                max_length=100,
                verbose_name="written down by",
            ),
            preserve_default=False,
        ),
        # Empty for what stood there before: nobody knows when it was written down.
        migrations.AddField(
            model_name="carerestimate",
            name="made_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="carerestimate",
            name="made_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, null=True
            ),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
