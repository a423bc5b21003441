"""What is about a person whose named contact somebody is, in a form for which PostgreSQL uses its indexes."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Lookup, Q
from django.db.models.sql.compiler import SQLCompiler

from members.models import Person


class _AnyOf(Lookup):  # type: ignore[type-arg]
    """``left = ANY (ARRAY (SELECT …))``. The array is made once and then looked up in an index, also beside
    an OR; a join, or ``IN (SELECT …)``, beside an OR reads the whole table."""

    lookup_name = "any_of"
    prepare_rhs = False
    output_field = BooleanField()

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        left, left_parameters = self.process_lhs(compiler, connection)
        right, right_parameters = self.process_rhs(compiler, connection)
        return f"{left} = ANY ({right})", [*left_parameters, *right_parameters]


def of_named_contact(user: Any, person: str = "person_id") -> Q:
    """Whose ``person`` (a column, perhaps of another table: ``referral__person_id``) has ``user`` as their
    named contact."""
    theirs = ArraySubquery(Person.objects.filter(coordinator=user.pk).order_by().values("pk"))
    return Q(_AnyOf(F(person), theirs))
