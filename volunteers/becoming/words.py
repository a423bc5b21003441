"""How it stands and what comes next, said to the volunteer themself."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from volunteers.models import NextStep
from volunteers.states import VolunteerState

STATE_FOR_THEM: dict[VolunteerState, str | Promise] = {
    VolunteerState.INTERESTED: _("You have told us that you are interested"),
    VolunteerState.APPLIED: _("We have your application"),
    VolunteerState.CHECKING: _("We are doing the checks with you"),
    VolunteerState.CLEARED: _("Your checks are done"),
    VolunteerState.INDUCTED: _("You have had your first day with us"),
    VolunteerState.ACTIVE: _("You are helping. Thank you"),
    VolunteerState.PAUSED: _("You are having a break"),
    VolunteerState.LEFT: _("You have left"),
    VolunteerState.REDIRECTED: _("We have suggested something that may suit you better"),
    VolunteerState.NOT_SUITABLE: _("You cannot volunteer with us at the moment"),
}
NEXT_FOR_THEM: dict[NextStep.What, str | Promise] = {
    NextStep.What.WELCOME: _("Somebody gets in touch with you and says what happens next"),
    NextStep.What.CHECKS: _("We tell you how the checks are going"),
    NextStep.What.INDUCTION: _("We arrange your first day with you"),
    NextStep.What.FIRST_TASK: _("We look for something for you, and tell you"),
    NextStep.What.FOLLOW_UP: _("We ask you whether one of the suggestions suits you"),
    NextStep.What.COME_BACK: _("We ask you whether your break is over"),
    NextStep.What.OTHER: _("You hear from us"),
}
