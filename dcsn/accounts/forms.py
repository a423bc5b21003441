"""Forms of signing in and of looking after accounts.

Those of django-allauth keep their checks and get our words: a label instead of a placeholder, and no
instruction that vanishes when somebody begins to type.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from dcsn.access import organisations
from dcsn.access.roles import GIVEN_ROLES
from dcsn.accounts.models import User
from dcsn.accounts.used_codes import use

EMAIL = _("E-mail address")
NEW_PASSWORD_HINT = _(
    "At least 12 characters. Three or four words that do not belong together are easy to remember."
)
CODE_HINT = _("The six figures that your authenticator app shows for us now.")
CODE_OR_RECOVERY_HINT = _(
    "The six figures that your authenticator app shows, or one of your recovery codes."
)


class PlainWords:
    """Takes allauth's placeholders away and puts our labels and hints in."""

    words: dict[str, tuple[Any, Any]] = {}  # field: label, hint
    mark_optional = False

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text = self.words[name]
        if "code" in self.fields:  # type: ignore[attr-defined]
            self.fields["code"].widget.attrs |= {  # type: ignore[attr-defined]
                "inputmode": "numeric",
                "spellcheck": "false",
                "class": "govuk-input--width-10",
            }


class LoginForm(PlainWords, account.LoginForm):
    words = {"login": (EMAIL, ""), "password": (_("Password"), "")}


class ReauthenticateForm(PlainWords, account.ReauthenticateForm):
    words = {"password": (_("Password"), "")}


class AddEmailForm(PlainWords, account.AddEmailForm):
    words = {"email": (_("New e-mail address"), _("We send a code to it, to be sure it is yours."))}


class ConfirmEmailVerificationCodeForm(PlainWords, account.ConfirmEmailVerificationCodeForm):
    words = {"code": (_("Code from the e-mail"), "")}

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        # This code has letters too.
        self.fields["code"].widget.attrs.pop("inputmode")


class ChangePasswordForm(PlainWords, account.ChangePasswordForm):
    words = {
        "oldpassword": (_("Your password now"), ""),
        "password1": (_("New password"), NEW_PASSWORD_HINT),
        "password2": (_("New password again"), ""),
    }


class SetPasswordForm(PlainWords, account.SetPasswordForm):
    words = {
        "password1": (_("Password"), NEW_PASSWORD_HINT),
        "password2": (_("Password again"), ""),
    }


class ResetPasswordForm(PlainWords, account.ResetPasswordForm):
    words = {"email": (EMAIL, "")}


class ResetPasswordKeyForm(PlainWords, account.ResetPasswordKeyForm):
    words = {
        "password1": (_("New password"), NEW_PASSWORD_HINT),
        "password2": (_("New password again"), ""),
    }


class UsedOnce:
    """Refuses a code that was accepted before, for as long as it would be good."""

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if not use(self.user.pk, code):  # type: ignore[attr-defined]
            raise forms.ValidationError(
                _("This code has been used. Wait until the app shows the next one."), code="used"
            )
        return code


class AuthenticateForm(UsedOnce, PlainWords, mfa.AuthenticateForm):
    words = {"code": (_("Code"), CODE_OR_RECOVERY_HINT)}


class MfaReauthenticateForm(UsedOnce, PlainWords, mfa.ReauthenticateForm):
    words = {"code": (_("Code"), CODE_OR_RECOVERY_HINT)}


class ActivateTOTPForm(UsedOnce, PlainWords, totp.ActivateTOTPForm):
    words = {"code": (_("Code from the app"), CODE_HINT)}


# --- Invitations and other people's accounts ---


def _organisation_choices() -> list[tuple[str, Any]]:
    return [("", _("None")), *((str(id_), name) for id_, name in organisations.choices())]


def _organisation(value: str) -> UUID | None:
    return UUID(value) if value else None


class RoleForm(forms.Form):
    """Give one role."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[("", _("Choose a role"))] + [(c, r.name) for c, r in GIVEN_ROLES.items()],
    )
    organisation = forms.TypedChoiceField(
        label=_("Organisation"),
        help_text=_("For provider editors, access point staff and hub leads only."),
        required=False,
        coerce=_organisation,
        empty_value=None,
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["organisation"].choices = _organisation_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        role = GIVEN_ROLES.get(cleaned.get("role", ""))
        if role is None:
            return cleaned
        organisation = cleaned.get("organisation")
        if role.at_organisation and organisation is None:
            self.add_error("organisation", _("Choose the organisation that they work for."))
        if not role.at_organisation and organisation is not None:
            self.add_error(
                "organisation",
                _("This role is for the whole network: choose “None” as organisation."),
            )
        return cleaned


class InvitationForm(forms.Form):
    """Ask somebody to work here."""

    email = forms.EmailField(
        label=EMAIL,
        help_text=_("Their own at work, not one that several people read."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    roles = forms.MultipleChoiceField(
        label=_("What will they do?"),
        choices=[(code, role.name) for code, role in GIVEN_ROLES.items() if role.staff],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role.")},
    )
    organisation = forms.TypedChoiceField(
        label=_("Organisation"),
        help_text=_("For provider editors, access point staff and hub leads."),
        required=False,
        coerce=_organisation,
        empty_value=None,
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["organisation"].choices = _organisation_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        roles = [GIVEN_ROLES[code] for code in cleaned.get("roles", [])]
        at_organisation = any(role.at_organisation for role in roles)
        if at_organisation and cleaned.get("organisation") is None:
            self.add_error("organisation", _("Choose the organisation that they will work for."))
        if roles and not at_organisation and cleaned.get("organisation") is not None:
            self.add_error(
                "organisation",
                _("None of these roles belongs to an organisation: choose “None”."),
            )
        return cleaned


class AcceptInvitationForm(forms.Form):
    """The new colleague's name and password."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("As your colleagues know you."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    password1 = forms.CharField(
        label=_("Choose a password"),
        help_text=NEW_PASSWORD_HINT,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("Your password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *arguments: Any, email: str, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.email = email

    def clean_password1(self) -> str:
        password = self.cleaned_data["password1"]
        validate_password(password, User(email=self.email, name=self.cleaned_data.get("name", "")))
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords are not the same."))
        return cleaned


class PeopleSearchForm(forms.Form):
    """Find somebody in the list of accounts."""

    mark_optional = False

    q = forms.CharField(
        label=_("Name or e-mail address"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "spellcheck": "false"}),
    )
