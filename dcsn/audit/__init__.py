"""What happened, who did it and to what: see README.md beside this file."""

from dcsn.audit.actors import Actor, SystemJob
from dcsn.audit.recording import AnonymousAuditError, NotInTransactionError, record
from dcsn.audit.types import EventType, OnErasure, UnknownEventTypeError, register

__all__ = [
    "Actor",
    "AnonymousAuditError",
    "EventType",
    "NotInTransactionError",
    "OnErasure",
    "SystemJob",
    "UnknownEventTypeError",
    "record",
    "register",
]
