"""The ward in which the person lived when the pathway began, for counting."""

from __future__ import annotations

from django.db import migrations, models

# What is known of those that have begun: where the person lives now.
FILL = """
UPDATE pathways_pathway p
   SET ward = coalesce(nullif(unit.ward_code, ''), sector.ward_code, '')
  FROM members_person m
  LEFT JOIN directory_postcodeplace unit ON unit.code = m.postcode
  LEFT JOIN directory_postcodeplace sector ON sector.code = left(m.postcode, -2)
 WHERE m.id = p.person_id AND m.postcode <> ''
"""


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0006_wards"),
        ("members", "0020_index_last_days"),
        ("pathways", "0007_carer_estimates_stay"),
    ]
    operations = [
        migrations.AddField(
            model_name="pathway",
            name="ward",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                help_text="ONS code",
                max_length=9,
                verbose_name="ward",
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
