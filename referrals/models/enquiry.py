"""One contact at an access point, what was chosen for it, and what was told."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcsn.access import Permission, scope_of_permission
from directory.models import Organisation, Service, TaxonomyTerm
from members.models import Format
from referrals.models.named_contact import of_named_contact
from referrals.references import enquiry_reference
from referrals.states import Loop

WORDS_AT_MOST = 1000
WANTS_AT_MOST = 500


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def visible_to(self, user: Any) -> EnquiryQuerySet:
        """Those of the access points where ``user`` takes enquiries, and those about a person whose
        named contact they are."""
        scope = scope_of_permission(user, Permission.ENQUIRY_TAKE)
        if not scope:
            return self.none()
        mine = of_named_contact(user)
        if scope.network:
            return self.filter(mine)
        return self.filter(Q(organisation_id__in=scope.organisations) | mine)

    def counted(self) -> EnquiryQuerySet:
        """Without those entered by mistake."""
        return self.exclude(state=Enquiry.State.ENTERED_IN_ERROR)

    def unfinished(self) -> EnquiryQuerySet:
        return self.filter(state=Enquiry.State.OPEN)


class Enquiry(models.Model):
    """One contact: somebody came, rang or wrote, for themselves or another.

    An anonymous one (the "casual contact" of the Client Level Data) is counted without making a
    person. While it is open it may hold more words than a finished one: nothing typed is lost.
    """

    class State(models.TextChoices):
        OPEN = "open", _("being taken")
        ANSWERED = "answered", _("answered")
        SIGNPOSTED = "signposted", _("told where to go")
        REFERRED = "referred", _("referred")
        PASSED_ON = "passed-to-adult-social-care", _("passed to adult social care")
        SAFEGUARDING = "safeguarding-raised", _("a safeguarding concern was raised")
        ABANDONED = "abandoned", _("left unfinished")
        ENTERED_IN_ERROR = "entered-in-error", _("entered by mistake")

    class Channel(models.TextChoices):
        WALK_IN = "walk-in", _("came in")
        PHONE = "phone", _("rang")
        POST = "post", _("wrote a letter")
        EMAIL = "email", _("wrote an e-mail")
        WEB = "web", _("through the website")
        OUTREACH = "outreach", _("outreach session")
        VISIT = "visit", _("at a home visit")

    class OnBehalfOf(models.TextChoices):
        THEMSELVES = "self", _("themselves")
        CARED_FOR = "carer", _("somebody they care for, or a relative or friend")
        CLIENT = "professional", _("somebody they work with")

    class Route(models.TextChoices):
        """How they came to ask (the Client Level Data's *route of access*)."""

        COMMUNITY = "community", _("Community or another route")
        HOSPITAL = "hospital-discharge", _("Discharge from hospital")
        DIVERSION = "hospital-diversion", _("Diversion from hospital services")
        TRANSITION = "transition", _("Planned entry (transition)")
        REABLEMENT = "reablement", _("Discharge from reablement")
        SELF_FUNDER = "self-funder", _("Self-funder")
        OTHER_AUTHORITY = "other-authority", _("Transfer from another local authority")
        PRISON = "prison", _("Prison")

    class Support(models.TextChoices):
        """The study of 2011 warns of making people dependent: a hub can see independence grow."""

        THEMSELVES = "self", _("They did it themselves")
        WITH_THEM = "with", _("We did it with them")
        FOR_THEM = "for", _("We did it for them")

    class Origin(models.TextChoices):
        DESK = "desk", _("at the desk")
        CHECKLIST = "checklist", _("First Contact checklist")
        HELP_REQUEST = "help-request", _("a request for a volunteer")
        ASSESSMENT = "assessment", _("an assessment by the council")
        REOPENED = "reopened", _("an earlier referral that did not help")
        COORDINATOR = "coordinator", _("they asked for a coordinator")
        PATHWAY = "pathway", _("an action of a support plan")
        CARER = "carer", _("the first stage of a carer's assessment")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Made with the page and sent back with it: the same page sent twice is one enquiry.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        max_length=11, unique=True, default=enquiry_reference, editable=False
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="enquiries",
        verbose_name=_("access point"),
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken by"),
    )
    origin = models.CharField(max_length=12, choices=Origin.choices, default=Origin.DESK)
    state = models.CharField(max_length=27, choices=State.choices, default=State.OPEN)
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    # With the start: the time to log.
    finished_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    person = models.ForeignKey(
        "members.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enquiries",
    )
    channel = models.CharField(
        _("how they got in touch"), max_length=8, choices=Channel.choices, default=Channel.WALK_IN
    )
    route_of_access = models.CharField(
        _("what brought them"), max_length=18, choices=Route.choices, default=Route.COMMUNITY
    )
    on_behalf_of = models.CharField(
        _("for whom"),
        max_length=12,
        choices=OnBehalfOf.choices,
        default=OnBehalfOf.THEMSELVES,
    )
    words = models.TextField(_("in their words"), blank=True)
    wants = models.TextField(_("what they hope for"), blank=True)
    topics = models.ManyToManyField(TaxonomyTerm, blank=True, related_name="+")
    formats = ArrayField(
        models.CharField(max_length=12, choices=Format.choices),
        default=list,
        blank=True,
        verbose_name=_("needs information as"),
    )
    interpreter_language = models.CharField(_("language"), max_length=60, blank=True)
    # Enough to count where need is not met; never the whole postcode of somebody anonymous.
    outward = models.CharField(_("first half of the postcode"), max_length=4, blank=True)
    ward = models.CharField(_("ward"), max_length=9, blank=True, help_text=_("ONS code"))
    answer = models.TextField(_("what we told them"), blank=True)
    support = models.CharField(
        _("how it was done"), max_length=4, choices=Support.choices, blank=True
    )
    unmet = models.BooleanField(_("nothing was found for it"), default=False)
    # "I will ring you back on Thursday": on the hub's first page that day.
    promised_on = models.DateField(_("promised for"), null=True, blank=True)
    promise = models.CharField(_("what was promised"), max_length=200, blank=True)
    promise_kept_at = models.DateTimeField(null=True, blank=True, editable=False)
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ["-started_at", "id"]
        indexes = [
            models.Index(fields=["organisation", "-started_at"], name="referrals_enquiry_hub"),
            models.Index(fields=["person", "-started_at"], name="referrals_enquiry_person"),
            models.Index(
                fields=["organisation", "promised_on"],
                name="referrals_enquiry_promised",
                condition=Q(promised_on__isnull=False, promise_kept_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", finished_at=None)
                | (~Q(state="open") & Q(finished_at__isnull=False)),
                name="referrals_enquiry_finished_when_not_open",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(finished_at__gte=models.F("started_at")),
                name="referrals_enquiry_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "abandoned", "entered-in-error"])
                | Q(
                    LessThanOrEqual(Length("words"), WORDS_AT_MOST),
                    LessThanOrEqual(Length("wants"), WANTS_AT_MOST),
                ),
                name="referrals_enquiry_words_fit",
            ),
            models.CheckConstraint(
                condition=Q(interpreter_language="") | Q(formats__contains=["interpreter"]),
                name="referrals_enquiry_language_with_interpreter",
                violation_error_message=_("Tick “An interpreter” as well as giving the language."),
            ),
            models.CheckConstraint(
                condition=Q(promise="") | Q(promised_on__isnull=False),
                name="referrals_enquiry_promise_has_a_day",
                violation_error_message=_("Say for which day it was promised."),
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at=None)
                | Q(
                    person=None, words="", wants="", answer="", promise="", interpreter_language=""
                ),
                name="referrals_enquiry_anonymised_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"enquiry {self.reference}"

    def get_absolute_url(self) -> str:
        return reverse("referrals:enquiry", args=[self.id])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def time_to_log(self) -> timedelta | None:
        return self.finished_at - self.started_at if self.finished_at else None


class Choice(models.Model):
    """A service picked for an open enquiry, and what is to be done with it; saved as it is picked."""

    class Way(models.TextChoices):
        REFER = "refer", _("refer")
        SIGNPOST = "signpost", _("signpost")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, related_name="choices")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.SIGNPOST)
    # Why this service: what the receiver is asked for, when it is a referral.
    note = models.TextField(blank=True)
    chosen_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("chosen service")
        verbose_name_plural = _("chosen services")
        ordering = ["chosen_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["enquiry", "service"], name="referrals_choice_once")
        ]

    def __str__(self) -> str:
        return f"choice {self.id}"


class SignpostQuerySet(models.QuerySet["Signpost"]):
    def visible_to(self, user: Any) -> SignpostQuerySet:
        return self.filter(enquiry__in=Enquiry.objects.visible_to(user))

    def asked_by(self, user: Any) -> SignpostQuerySet:
        """Those that ``user`` may ask about, where the person agreed to be asked."""
        scope = scope_of_permission(user, Permission.FOLLOW_UP_ASK)
        if not scope:
            return self.none()
        return self.exclude(follow_up="").filter(
            Q(enquiry__organisation_id__in=scope.organisations)
            | of_named_contact(user, "enquiry__person_id"),
            enquiry__person__isnull=False,
        )


class Signpost(models.Model):
    """Told, printed or e-mailed: no personal data left the desk."""

    class Way(models.TextChoices):
        TOLD = "told", _("told")
        PRINTED = "printed", _("printed")
        EMAILED = "emailed", _("e-mailed")

    class FollowUpState(models.TextChoices):
        NONE = "", _("not agreed")
        DUE = "due", _("to be asked")
        DONE = "done", _("asked")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="signposts")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=7, choices=Way.choices, default=Way.TOLD)
    at = models.DateTimeField(default=timezone.now, editable=False)
    # Only when they agreed to be asked how it went.
    follow_up = models.CharField(
        max_length=4, choices=FollowUpState.choices, default=FollowUpState.NONE, blank=True
    )
    follow_up_on = models.DateField(null=True, blank=True)
    # What they said when they were asked.
    answer = models.CharField(max_length=25, choices=Loop.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SignpostQuerySet.as_manager()

    class Meta:
        verbose_name = _("signpost")
        verbose_name_plural = _("signposts")
        ordering = ["at", "id"]
        indexes = [
            models.Index(
                fields=["follow_up_on"],
                name="referrals_signpost_to_ask",
                condition=Q(follow_up="due"),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enquiry", "service"], name="referrals_signpost_once_an_enquiry"
            ),
            models.CheckConstraint(
                condition=Q(follow_up="", follow_up_on=None)
                | (~Q(follow_up="") & Q(follow_up_on__isnull=False)),
                name="referrals_signpost_follow_up_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | (~Q(answer="") & Q(answered_at__isnull=False, follow_up="done")),
                name="referrals_signpost_answer_when_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"signpost {self.id}"
