"""The audit trail: one row for each thing that happened, never changed, never taken away.

Rows carry no foreign key, so that the trail neither holds live rows back nor loses its own when one goes.
"""

from __future__ import annotations

import uuid
from typing import Any, NoReturn

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.audit import types
from dcsn.audit.actors import Actor, SystemJob


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete an audit event."""


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, *ids: uuid.UUID) -> EventQuerySet:
        """What happened to one subject, newest first; a merged person has several ids."""
        return self.filter(subject__in=ids).order_by("-happened_at", "-id")

    def for_the_person(self, *ids: uuid.UUID) -> EventQuerySet:
        """The same, as the person may read it: without what would tip somebody off. Also for every
        page that more than the named group of a safeguarding concern may open."""
        return self.about(*ids).open_to_others()

    def open_to_others(self) -> EventQuerySet:
        """Without what only a named few may know of, however far somebody's view of the trail goes."""
        left_out = [found.name for found in types.all_types() if found.left_out_of_copy]
        return self.exclude(type__in=left_out)

    def by(self, actor: Actor) -> EventQuerySet:
        if isinstance(actor, SystemJob):
            return self.filter(actor_job=actor.name)
        return self.filter(actor_user=actor.pk)

    def of_type(self, *event_types: types.EventType) -> EventQuerySet:
        return self.filter(type__in=[event_type.name for event_type in event_types])

    def redact(self) -> int:
        """Take out of these events what their types drop at an erasure. Returns how many changed.

        Goes through the database function ``audit_redact``, the only change that the table's trigger
        lets pass. What happened, when, by whom and to which id stays.
        """
        redacted = 0
        for event in self.filter(redacted_at=None):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT audit_redact(%s, %s::jsonb)",
                    [event.id, DjangoJSONEncoder().encode(event.details_after_erasure())],
                )
            redacted += 1
        return redacted

    def update(self, **fields: Any) -> NoReturn:
        raise AppendOnlyError("Audit events are not changed; redact() removes personal details.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("Audit events are not deleted.")

    def bulk_update(self, *arguments: Any, **options: Any) -> NoReturn:
        raise AppendOnlyError("Audit events are not changed; redact() removes personal details.")

    def bulk_create(self, *arguments: Any, **options: Any) -> NoReturn:
        raise AppendOnlyError("Audit events are written by dcsn.audit.record(), one by one.")


class Event(models.Model):
    """Something that happened. Written by ``record()`` only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    type = models.CharField(_("what happened"), max_length=80, editable=False)
    happened_at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    actor_user = models.UUIDField(_("user"), null=True, editable=False)
    actor_job = models.CharField(_("job"), max_length=64, blank=True, editable=False)
    subject = models.UUIDField(_("about"), null=True, editable=False)
    organisation = models.UUIDField(_("organisation"), null=True, editable=False)
    fields = ArrayField(models.CharField(max_length=100), default=list, editable=False)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder, editable=False)
    redacted_at = models.DateTimeField(_("redacted"), null=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [
            models.Index(fields=["subject", "-happened_at"], name="audit_event_subject"),
            models.Index(fields=["-happened_at"], name="audit_event_time"),
            models.Index(fields=["actor_user", "-happened_at"], name="audit_event_actor"),
            models.Index(fields=["organisation", "-happened_at"], name="audit_event_organisation"),
            models.Index(fields=["type", "-happened_at"], name="audit_event_type"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(actor_user__isnull=False, actor_job="")
                | (models.Q(actor_user__isnull=True) & ~models.Q(actor_job="")),
                name="audit_event_one_actor",
                violation_error_message=_("An event is done by a user or by a job, never both."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.happened_at:%Y-%m-%d %H:%M}"

    def save(self, *arguments: Any, **options: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("Audit events are not changed.")
        super().save(*arguments, **options)

    def delete(self, *arguments: Any, **options: Any) -> NoReturn:
        raise AppendOnlyError("Audit events are not deleted.")

    @property
    def event_type(self) -> types.EventType:
        """The registered type. Raises ``UnknownEventTypeError`` when its app is gone."""
        return types.get(self.type)

    def details_after_erasure(self) -> dict[str, object]:
        """What stays of the details; nothing when the type is no longer known."""
        try:
            return self.event_type.kept_after_erasure(self.details)
        except types.UnknownEventTypeError:
            return {}

    def sentence(self, actor_name: str) -> str:
        """How the event reads, for a page that has looked up the actor's name already."""
        try:
            return self.event_type.say(actor=actor_name, details=self.details)
        except types.UnknownEventTypeError:
            return self.type
