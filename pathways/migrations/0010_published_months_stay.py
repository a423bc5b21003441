"""A month of budgets that was published is neither changed nor deleted: it would be counted anew."""

from __future__ import annotations

from django.db import migrations

CREATE = """
CREATE TRIGGER pathways_publishedmonth_append_only
    BEFORE UPDATE OR DELETE ON pathways_publishedmonth
    FOR EACH ROW EXECUTE FUNCTION pathways_refuse_change();
"""
DROP = "DROP TRIGGER pathways_publishedmonth_append_only ON pathways_publishedmonth;"


class Migration(migrations.Migration):
    dependencies = [("pathways", "0009_published_months")]
    operations = [migrations.RunSQL(CREATE, DROP)]
