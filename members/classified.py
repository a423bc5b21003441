"""What each table of people and members holds, and for how long."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dcsn.privacy import Basis, Kept, classified
from members.cards import privacy as card_privacy
from members.finding import privacy as finding
from members.joining import privacy as joining_privacy
from members.letters import privacy as letters_privacy
from members.membership import privacy as membership_privacy
from members.offers import privacy as offers_privacy
from members.safety_net import privacy as safety_net_privacy

FIELDS = {
    **joining_privacy.FIELDS,
    **membership_privacy.FIELDS,
    **card_privacy.FIELDS,
    **safety_net_privacy.FIELDS,
    **letters_privacy.FIELDS,
    "members.Person": classified(
        Kept(
            _(
                "while they agree to it, and at most 2 years after the last contact, or 8 when help was "
                "arranged; emptied then, or when they are erased"
            ),
            setting="KEEP_CASE_DAYS",
        ),
        personal="id user given_name family_name known_as sort_key date_of_birth age_band "
        "address_1 address_2 town postcode phone other_phone email contact_by household lives_alone "
        "coordinator",
        # A note on safe contact can tell of violence at home; formats tell of a disability; that
        # somebody cares tells of another's.
        special="safe_contact_note formats interpreter_language is_carer",
        safe="organisation created_at changed_at merged_at erased_at",
    ),
    "members.Consent": classified(
        Kept(_("for good: ids and codes only, as proof of what was agreed to")),
        personal="person recorded_by",
        safe="id organisation purpose categories how given_by wording at until withdraws recorded_at",
        basis=Basis.LEGAL_DUTY,
    ),
    "members.ConsentNote": classified(
        Kept(_("as long as the person's record; deleted when they are erased")),
        personal="who",
        special="capacity best_interests",
        safe="id consent",
        basis=Basis.LEGAL_DUTY,
    ),
    "members.OtherName": classified(
        Kept(_("as long as the person's record; deleted when they are erased")),
        personal="person use given_name family_name",
        safe="id recorded_at",
    ),
    "members.Household": classified(
        Kept(_("as long as two people on record live in it")), safe="id organisation created_at"
    ),
    "members.Relationship": classified(
        Kept(_("as long as both records; deleted when either person is erased")),
        # That somebody is cared for says that they are ill, old or disabled.
        personal="person other since ended_on",
        special="kind",
        safe="id recorded_at",
    ),
    "members.EmergencyContact": classified(
        Kept(_("as long as the person's record; deleted when they are erased")),
        personal="person name relationship phone note knows",
        safe="id position recorded_at",
    ),
    "members.SafetyFlag": classified(
        Kept(_("as long as the person's record; shown until its last day, which every one has")),
        personal="person set_by",
        special="kind what_to_do why_ended",
        safe="id review_on expires_on set_at reviewed_at ended_at",
        basis=Basis.SAFEGUARDING,
    ),
    "members.EqualityAnswers": classified(
        Kept(_("as long as the person's record; deleted when they are erased; shown to nobody")),
        personal="person",
        special="sex gender_is_same ethnic_group religion orientation long_condition reduced "
        "partnership",
        safe="id recorded_on",
        basis=Basis.EQUALITY,
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
    "members.CopyRequest": classified(
        Kept(_("as long as the person's record; then only that somebody asked, and when")),
        personal="person taken_by decided_by extended_why stopped_why closed_why",
        safe="id key reference organisation how size identity received_on state due_on stopped_since "
        "stopped_days gathered_at closed_at version wiped_at",
        basis=Basis.LEGAL_DUTY,
    ),
    "members.CopyPart": classified(
        Kept(_("90 days after it was given, refused or left lying"), setting="KEEP_COPY_DAYS"),
        personal="read_by",
        special="rows",
        safe="id copy position table heading left_out rows_read",
        basis=Basis.LEGAL_DUTY,
    ),
    "members.Complaint": classified(
        Kept(
            _("two years after it was answered or taken back; then only that there was one"),
            setting="KEEP_COMPLAINT_DAYS",
        ),
        personal="person taken_by name email phone address_1 address_2 town postcode answer "
        "withdrawn_why handled_by",
        special="words wants other_format",
        safe="id key reference organisation via answer_by size received_on acknowledge_by created_at "
        "state acknowledged_at outcome closed_at version wiped_at",
        basis=Basis.LEGAL_DUTY,
    ),
    "members.SharingAgreement": classified(
        Kept(_("for good: it says on what ground details were passed on")),
        personal="signed_by recorded_by",
        safe="id key organisation categories signed_on review_on kept_at renews ended_on ended_why "
        "reminded_on recorded_at",
        basis=Basis.LEGAL_DUTY,
    ),
}
FIELDS |= finding.FIELDS | offers_privacy.FIELDS
