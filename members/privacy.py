"""What the tables of people hold, and how a person's rows are exported, erased, kept and merged."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.privacy import (
    PersonLink,
    register,
)
from dcsn.privacy.registry import delete_rows, export_rows, keep_rows, move_rows, move_rows_back
from members.actions.complaints import empty as empty_complaints
from members.actions.copies import forget_copies
from members.cards import privacy as card_privacy
from members.classified import FIELDS as FIELDS
from members.joining import privacy as joining_privacy
from members.letters import privacy as letters_privacy
from members.membership import privacy as membership_privacy
from members.models import (
    Answer,
    Complaint,
    Consent,
    ConsentNote,
    CopyPart,
    CopyRequest,
    EmergencyContact,
    EqualityAnswers,
    Household,
    OtherName,
    PaperItem,
    PaperRequest,
    Person,
    Relationship,
    SafetyFlag,
)
from members.offers import privacy as offers_privacy
from members.retention import register_classes
from members.safety_net import privacy as safety_net_privacy


def _hold_person(person: UUID) -> None:
    """Whoever adds rows about a person locks the row first: see members/actions."""
    list(Person.objects.select_for_update().filter(id=person).values_list("pk"))


def _erase_person(person: UUID) -> int:
    """Empty the row; it stays, so that consents and counts keep their place."""
    found = Person.objects.filter(id=person, erased_at=None)
    if not found.exists():
        return 0
    return found.update(
        **dict.fromkeys(Person.WORDS, ""),
        **dict.fromkeys(Person.POINTERS),
        formats=[],
        erased_at=timezone.now(),
    )


def _merge_person(old: UUID, current: UUID) -> list[str]:
    Person.objects.filter(id=old).update(merged_at=timezone.now())
    return [str(old)]


def _unmerge_person(current: UUID, old: UUID, moved: list[str]) -> None:
    Person.objects.filter(id=old).update(merged_at=None)


# --- Household: a column of the person's ---


def _export_household(person: UUID) -> list[dict[str, Any]]:
    """How many live with them, not who: the others' names are theirs to ask for."""
    with_them = Person.objects.known().filter(household__people=person).exclude(id=person).count()
    return [{"people who live with you": with_them}] if with_them else []


def _erase_household(person: UUID) -> int:
    """They no longer live there on paper; a household of one is none."""
    household = Person.objects.filter(id=person).values_list("household_id", flat=True).first()
    if household is None:
        return 0
    left = Person.objects.filter(id=person).update(household=None)
    if Person.objects.filter(household=household).count() < 2:
        Person.objects.filter(household=household).update(household=None)
        Household.objects.filter(id=household).delete()
    return left


def _merge_household(old: UUID, current: UUID) -> list[str]:
    """Whoever lived with the old record lives with the current one, unless that is known otherwise."""
    household = Person.objects.filter(id=old).values_list("household_id", flat=True).first()
    if household is None:
        return []
    moved = Person.objects.filter(id=current, household=None).exclude(lives_alone=Answer.YES)
    return [str(household)] if moved.update(household=household) else []


def _unmerge_household(current: UUID, old: UUID, moved: list[str]) -> None:
    Person.objects.filter(id=current, household__in=[UUID(key) for key in moved]).update(
        household=None
    )


# --- Relationships: a person may be at either end ---


def _relationships(person: UUID) -> QuerySet[Relationship]:
    return Relationship.objects.filter(Q(person=person) | Q(other=person))


def _export_relationships(person: UUID) -> list[dict[str, Any]]:
    """What the tie is. Who the other is stays out: it is about somebody else."""
    return [
        {
            "what": str(row.words_from(here_is_person=row.person_id == person)),
            "since": row.since,
            "ended_on": row.ended_on,
        }
        for row in _relationships(person)
    ]


def _erase_relationships(person: UUID) -> int:
    return _relationships(person).delete()[0]


def _merge_relationships(old: UUID, current: UUID) -> list[str]:
    """Hand over one end; a row that would tie the record to itself or stand twice stays behind."""
    moved = []
    for row in _relationships(old):
        end = "person" if row.person_id == old else "other"
        setattr(row, f"{end}_id", current)
        try:
            with transaction.atomic():
                row.save(update_fields=[end])
        except IntegrityError:
            continue
        moved.append(f"{end}:{row.pk}")
    return moved


def _unmerge_relationships(current: UUID, old: UUID, moved: list[str]) -> None:
    for key in moved:
        end, _colon, row = key.partition(":")
        Relationship.objects.filter(pk=row, **{f"{end}_id": current}).update(**{f"{end}_id": old})


# --- Names, and answers that somebody can have but once ---


def _merge_other_names(old: UUID, current: UUID) -> list[str]:
    """A name that both records have stays where it is."""
    known = set(
        OtherName.objects.filter(person=current).values_list("use", "given_name", "family_name")
    )
    rows = [
        row
        for row in OtherName.objects.filter(person=old)
        if (row.use, row.given_name, row.family_name) not in known
    ]
    OtherName.objects.filter(pk__in=[row.pk for row in rows]).update(person=current)
    return [str(row.pk) for row in rows]


def _merge_equality(old: UUID, current: UUID) -> list[str]:
    """The current record's own answers stand; the old ones come along only where it has none."""
    if EqualityAnswers.objects.filter(person=current).exists():
        return []
    return move_rows(EqualityAnswers, "person_id")(old, current)


def _merge_copies(old: UUID, current: UUID) -> list[str]:
    """One that is under way stays behind when the other record has one too: a person has but one."""
    rows = CopyRequest.objects.filter(person=old)
    if CopyRequest.objects.open().filter(person=current).exists():
        rows = rows.exclude(closed_at=None)
    keys = [str(key) for key in rows.values_list("pk", flat=True)]
    CopyRequest.objects.filter(pk__in=keys).update(person=current)
    return keys


def _export_paper(person: UUID) -> list[dict[str, Any]]:
    return [
        {
            "reference": request.reference,
            "asked": request.created_at,
            "state": request.get_state_display(),
            "done": request.done_at,
            "name": request.name,
            "address": request.address_lines,
            "phone": request.phone,
            "email": request.email,
            "size": request.get_size_display(),
            "services": [
                {"service": item.service.name, "note": item.note} for item in request.items.all()
            ],
        }
        for request in PaperRequest.objects.filter(person=person).prefetch_related("items__service")
    ]


def _erase_paper(person: UUID) -> int:
    """Forget name, address and notes, and that the envelope was theirs; an envelope is still counted."""
    requests = PaperRequest.objects.filter(person=person)
    now = timezone.now()
    PaperItem.objects.filter(request__in=requests).update(note="")
    # One that was still to be posted cannot be any more.
    requests.filter(state=PaperRequest.State.ASKED).update(
        state=PaperRequest.State.NOT_SENT, done_at=now
    )
    return requests.update(
        **dict.fromkeys(PaperRequest.PERSONAL, ""), easy_read=False, person=None, wiped_at=now
    )


register(
    Person,
    PersonLink(
        heading=_("What is known about you"),
        export=export_rows(
            Person,
            "id",
            [
                "id", "organisation", "given_name", "family_name", "known_as", "date_of_birth",
                "age_band", "address_1", "address_2", "town", "postcode", "phone", "email",
                "contact_by", "safe_contact_note", "formats", "interpreter_language", "other_phone",
                "lives_alone", "is_carer", "created_at", "changed_at",
            ],
        ),
        third_parties=("safe_contact_note",),
        erase=_erase_person,
        hold=_hold_person,
        keep=_("That a record existed, when it was made and erased, and at which access point."),
        merge=_merge_person,
        unmerge=_unmerge_person,
        order=100,
    ),
)  # fmt: skip
register(
    Consent,
    PersonLink(
        heading=_("What you agreed to"),
        export=export_rows(
            Consent,
            "person_id",
            ["organisation", "purpose", "categories", "how", "given_by", "wording", "at", "until",
             "is_withdrawal", "recorded_at"],
        ),
        erase=keep_rows,
        keep=_(
            "That you agreed, to what and when, without your name: the law asks for proof of it "
            "(UK GDPR Article 7(1))."
        ),
        # Consents are not changed; they are found through the alias.
    ),
)  # fmt: skip
register(
    PaperRequest,
    PersonLink(
        heading=_("Paper that you asked for"),
        export=_export_paper,
        includes=(PaperItem,),
        erase=_erase_paper,
        merge=move_rows(PaperRequest, "person_id"),
        unmerge=move_rows_back(PaperRequest, "person_id"),
    ),
)

register(
    ConsentNote,
    PersonLink(
        heading=_("Notes on what you agreed to"),
        export=export_rows(
            ConsentNote, "consent__person_id", ["who", "capacity", "best_interests"]
        ),
        third_parties=("who", "capacity", "best_interests"),
        erase=delete_rows(ConsentNote, "consent__person_id"),
        # It stays with its consent, which is found through the alias.
    ),
)
register(
    OtherName,
    PersonLink(
        heading=_("Other names of yours"),
        export=export_rows(
            OtherName, "person_id", ["use", "given_name", "family_name", "recorded_at"]
        ),
        erase=delete_rows(OtherName, "person_id"),
        merge=_merge_other_names,
        unmerge=move_rows_back(OtherName, "person_id"),
    ),
)
register(
    Household,
    PersonLink(
        heading=_("Your household"),
        export=_export_household,
        erase=_erase_household,
        merge=_merge_household,
        unmerge=_unmerge_household,
    ),
)
register(
    Relationship,
    PersonLink(
        heading=_("Who belongs to you"),
        export=_export_relationships,
        erase=_erase_relationships,
        merge=_merge_relationships,
        unmerge=_unmerge_relationships,
    ),
)
register(
    EmergencyContact,
    PersonLink(
        heading=_("Whom we would ring in an emergency"),
        export=export_rows(
            EmergencyContact, "person_id", ["name", "relationship", "phone", "note", "recorded_at"]
        ),
        third_parties=("name", "phone", "note"),
        erase=delete_rows(EmergencyContact, "person_id"),
        merge=move_rows(EmergencyContact, "person_id"),
        unmerge=move_rows_back(EmergencyContact, "person_id"),
    ),
)
register(
    SafetyFlag,
    PersonLink(
        heading=_("What staff must know for safety"),
        export=export_rows(SafetyFlag, "person_id", ["kind", "what_to_do", "set_at", "ended_at"]),
        # It could tip somebody off, and harm them or another.
        left_out_of_copy=True,
        erase=delete_rows(SafetyFlag, "person_id"),
        merge=move_rows(SafetyFlag, "person_id"),
        unmerge=move_rows_back(SafetyFlag, "person_id"),
    ),
)
register(
    EqualityAnswers,
    PersonLink(
        heading=_("What you answered about yourself, for counting"),
        export=export_rows(
            EqualityAnswers, "person_id", [*EqualityAnswers.QUESTIONS, "recorded_on"]
        ),
        erase=delete_rows(EqualityAnswers, "person_id"),
        merge=_merge_equality,
        unmerge=move_rows_back(EqualityAnswers, "person_id"),
    ),
)

register(
    Complaint,
    PersonLink(
        heading=_("Your complaints about your personal data"),
        export=export_rows(
            Complaint,
            "person_id",
            ["reference", "received_on", "via", "organisation", "name", "email", "phone",
             "address_1", "address_2", "town", "postcode", "words", "wants", "state",
             "acknowledged_at", "outcome", "answer", "withdrawn_why", "closed_at"],
        ),
        third_parties=("answer",),
        erase=lambda person: empty_complaints(
            Complaint.objects.filter(person=person, wiped_at=None)
        ),
        keep=_("That there was a complaint, when it came and how it ended: for counting."),
        merge=move_rows(Complaint, "person_id"),
        unmerge=move_rows_back(Complaint, "person_id"),
    ),
)  # fmt: skip
register(
    CopyRequest,
    PersonLink(
        heading=_("Copies that you asked for"),
        export=export_rows(
            CopyRequest,
            "person_id",
            ["reference", "received_on", "how", "identity", "state", "due_on", "extended_why",
             "stopped_why", "closed_why", "closed_at"],
        ),
        # What was gathered is all in the other parts.
        includes=(CopyPart,),
        erase=forget_copies,
        keep=_("That somebody asked for a copy, when, and when it was given: for counting."),
        merge=_merge_copies,
        unmerge=move_rows_back(CopyRequest, "person_id"),
    ),
)  # fmt: skip

membership_privacy.register_all()
offers_privacy.register_all()
joining_privacy.register_all()
card_privacy.register_all()
safety_net_privacy.register_all()
letters_privacy.register_all()
register_classes()
