"""What the tables of people hold, and how a person's rows are exported, erased, kept and merged."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.privacy import Kept, PersonLink, classified, register
from dcsn.privacy.registry import export_rows, keep_rows, move_rows, move_rows_back
from members.models import Consent, PaperItem, PaperRequest, Person

FIELDS = {
    "members.Person": classified(
        Kept(_("while they agree to it; emptied when they are erased")),
        personal="id user given_name family_name known_as sort_key date_of_birth age_band "
        "address_1 address_2 town postcode phone email contact_by",
        # A note on safe contact can tell of violence at home; formats tell of a disability.
        special="safe_contact_note formats interpreter_language",
        safe="organisation created_at changed_at merged_at erased_at",
    ),
    "members.Consent": classified(
        Kept(_("for good: ids and codes only, as proof of what was agreed to")),
        personal="person recorded_by",
        safe="id organisation purpose categories how wording at until withdraws recorded_at",
    ),
    "members.PaperRequest": classified(
        Kept(
            _(
                "name and address until 14 days after posting, or 60 days when nobody posted it; "
                "then only what was posted, for counting"
            ),
            days=14,
        ),
        personal="person asked_by name address_1 address_2 town postcode phone email why_not",
        special="easy_read other_format",
        safe="id key reference organisation via area size topic wording state created_at done_at "
        "done_by wiped_at",
    ),
    "members.PaperItem": classified(
        Kept(_("the note until it is posted; what was posted, for counting")),
        # Which services somebody asked about can say what they suffer from.
        special="note service",
        safe="id request position",
    ),
}


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
        formats=[],
        date_of_birth=None,
        user=None,
        erased_at=timezone.now(),
    )


def _merge_person(old: UUID, current: UUID) -> list[str]:
    Person.objects.filter(id=old).update(merged_at=timezone.now())
    return [str(old)]


def _unmerge_person(current: UUID, old: UUID, moved: list[str]) -> None:
    Person.objects.filter(id=old).update(merged_at=None)


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
                "contact_by", "safe_contact_note", "formats", "interpreter_language", "created_at",
                "changed_at",
            ],
        ),
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
            ["organisation", "purpose", "categories", "how", "wording", "at", "until",
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
        erase=_erase_paper,
        merge=move_rows(PaperRequest, "person_id"),
        unmerge=move_rows_back(PaperRequest, "person_id"),
    ),
)
