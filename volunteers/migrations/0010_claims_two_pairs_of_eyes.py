"""Who wrote a claim down is kept with it, and does not approve it."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def name_who_wrote_it(apps: Any, schema_editor: Any) -> None:
    """Of claims that nobody has decided on yet, from the audit trail. What was decided stays as it was."""
    Expense = apps.get_model("volunteers", "Expense")
    Event = apps.get_model("audit", "Event")
    users = set(apps.get_model(settings.AUTH_USER_MODEL).objects.values_list("pk", flat=True))
    for expense in Expense.objects.filter(state="claimed", claimed_by=None).iterator():
        event = Event.objects.filter(
            type="expense:claimed", details__expense=str(expense.pk), actor_user__isnull=False
        ).first()
        if event is not None and event.actor_user in users:
            Expense.objects.filter(pk=expense.pk).update(claimed_by=event.actor_user)


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_append_only"),
        ("volunteers", "0009_shift_exchange"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="expense",
            name="claimed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="expense",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["approved", "paid"]), _negated=True),
                    ("claimed_by", None),
                    ("decided_by", None),
                    models.Q(("claimed_by", models.F("decided_by")), _negated=True),
                    _connector="OR",
                ),
                name="volunteers_expense_two_pairs_of_eyes",
                violation_error_message="Somebody else has to approve what you wrote down.",
            ),
        ),
        # After the constraint: a table with rows just written cannot be altered in the same transaction.
        migrations.RunPython(name_who_wrote_it, migrations.RunPython.noop),
    ]
