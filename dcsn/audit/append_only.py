"""Rows that are only added: the base of every journal, ledger, history and table of versions.

Python says no here, early and with a reason; where it matters, a trigger in the app's migrations says no
to everybody else.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, TypeVar

from django.db import models

from dcsn.audit.models import AppendOnlyError

Row = TypeVar("Row", bound=models.Model)


class AppendOnlyQuerySet(models.QuerySet[Row]):
    """Refuses ``update()``, ``bulk_update()`` (which calls it) and ``delete()``.

    A subclass that must blank words for an erasure gives that a name of its own and calls
    ``self.blank(…)``.
    """

    def update(self, **fields: object) -> NoReturn:
        raise AppendOnlyError(refusal(self.model))

    def delete(self) -> NoReturn:
        raise AppendOnlyError(refusal(self.model))

    def blank(self, **fields: object) -> int:
        """Change these after all: for a subclass's erasure, never for a caller. Returns how many rows."""
        return super().update(**fields)


class AppendOnly(models.Model):
    """A row that is written once. ``instead`` tells the caller what to do in place of changing it.

    ``objects`` of a subclass is made of :class:`AppendOnlyQuerySet` (a test sees to it).
    """

    instead: ClassVar[str] = "Add another row."

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """:raises AppendOnlyError: when the row is in the database already."""
        if not self._state.adding:
            raise AppendOnlyError(refusal(type(self)))
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> NoReturn:
        raise AppendOnlyError(refusal(type(self)))


def refusal(model: type[models.Model]) -> str:
    """Why a row of ``model`` is not changed, for whoever reads the traceback."""
    return f"{model._meta.label}: rows are only added. {getattr(model, 'instead', '')}".rstrip()
