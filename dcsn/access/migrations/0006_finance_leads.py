from django.db import migrations, models

# Before, nobody could be a finance lead: on the way back those are put aside, and stand again afterwards.
FORWARDS = """
CREATE TABLE IF NOT EXISTS access_finance_leads_aside (id uuid PRIMARY KEY);
UPDATE access_roleassignment SET ended_at = NULL
    WHERE id IN (SELECT id FROM access_finance_leads_aside);
DROP TABLE access_finance_leads_aside;
"""
BACKWARDS = """
CREATE TABLE access_finance_leads_aside AS
    SELECT id FROM access_roleassignment WHERE role = 'finance_lead' AND ended_at IS NULL;
UPDATE access_roleassignment SET ended_at = now()
    WHERE role = 'finance_lead' AND ended_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0005_pathway_authorisers")]

    operations = [
        migrations.RunSQL(FORWARDS, BACKWARDS),
        migrations.AlterField(
            model_name="roleassignment",
            name="role",
            field=models.CharField(
                choices=[
                    ("member", "Member"),
                    ("volunteer", "Volunteer"),
                    ("provider_editor", "Provider editor"),
                    ("referral_receiver", "Referral receiver"),
                    ("access_point_staff", "Access point staff"),
                    ("hub_lead", "Hub lead"),
                    ("coordinator", "Coordinator"),
                    ("pathway_authoriser", "Pathway authoriser"),
                    ("safeguarding_lead", "Safeguarding lead"),
                    ("data_protection_lead", "Data protection lead"),
                    ("volunteer_manager", "Volunteer manager"),
                    ("volunteer_coordinator", "Volunteer coordinator"),
                    ("membership_officer", "Membership officer"),
                    ("directory_editor", "Directory editor"),
                    ("commissioner", "Commissioner"),
                    ("finance_lead", "Finance lead"),
                    ("administrator", "Administrator"),
                ],
                max_length=40,
                verbose_name="role",
            ),
        ),
    ]
