"""Settings of the portal, all in one file, all from the environment (``.env.example`` explains each).

Nothing here names a particular borough: the network's name, area codes, help line and colours are
settings, so that another borough takes the portal up without touching code.
"""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from dotenv import dotenv_values

from dcsn.env import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

# The environment wins over the file. The tests leave the file out: what a developer has in it must not
# decide whether a test passes.
env = Environment(dict(os.environ))
if env.flag("DCSN_READ_ENV_FILE", True):
    written = {name: value or "" for name, value in dotenv_values(BASE_DIR / ".env").items()}
    env = Environment(written | dict(os.environ))
    env.flag("DCSN_READ_ENV_FILE", True)

# --- Safety ---------------------------------------------------------------------------------------
# Production is the default: forgetting to set something must fail closed, not open.
DEVELOPMENT = env.flag("DCSN_DEVELOPMENT", False)
DEBUG = env.flag("DCSN_DEBUG", False)
if DEBUG and not DEVELOPMENT:
    raise ImproperlyConfigured(
        "DCSN_DEBUG shows error details to anybody: set DCSN_DEVELOPMENT too."
    )
SECRET_KEY = env.secret("DCSN_SECRET_KEY", "development-only-" + "x" * 50 if DEVELOPMENT else ...)
# Keys that were used before: what they signed or encrypted can still be read while a new one takes over.
SECRET_KEY_FALLBACKS = env.items("DCSN_SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS = env.items(
    "DCSN_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if DEVELOPMENT else ...
)
SITE_ADDRESS = env.text(
    "DCSN_SITE_ADDRESS", "http://127.0.0.1:8000" if DEVELOPMENT else ...
).rstrip("/")
CSRF_TRUSTED_ORIGINS = [] if DEVELOPMENT else [SITE_ADDRESS]
# How many proxies stand in front and can be believed about the visitor's address.
TRUSTED_PROXIES = env.number("DCSN_TRUSTED_PROXIES", 0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
# Addresses that many readers share (libraries, access points), as 192.0.2.7 or 192.0.2.0/24: public forms
# allow them more, so that a full reading room shuts nobody out.
SHARED_ADDRESSES = env.items("DCSN_SHARED_ADDRESSES", [])

# --- The network: what another borough changes ------------------------------------------------------
NETWORK_NAME = env.text("DCSN_NETWORK_NAME", "Community Support Network")
NETWORK_AREA_NAME = env.text("DCSN_AREA_NAME", "your area")
# GSS codes of the local authorities served; residency is by these, never by a postcode's prefix.
NETWORK_AREA_CODES = env.items("DCSN_AREA_CODES", [])
NETWORK_COUNTY = env.text("DCSN_COUNTY", "")
HELPLINE_NUMBER = env.text("DCSN_HELPLINE_NUMBER", "")
HELPLINE_HOURS = env.text("DCSN_HELPLINE_HOURS", "")
NETWORK_SHORT_ADDRESS = env.text("DCSN_SHORT_ADDRESS", "")
# One short code printed in place of web addresses.
BRAND_COLOUR = env.text("DCSN_BRAND_COLOUR", "#00465e")
# Where "Leave this site quickly" goes: a page that nobody wonders at.
EXIT_ADDRESS = env.text("DCSN_EXIT_ADDRESS", "https://www.bbc.co.uk/weather")
# Topics (the last part of their address) on whose pages the way out is large: somebody may be watched.
SENSITIVE_TOPICS = env.items("DCSN_SENSITIVE_TOPICS", ["safety", "addiction", "mental-health"])
TILE_ADDRESS = env.text("DCSN_TILE_ADDRESS", "")  # empty: no map is offered
TILE_ATTRIBUTION = env.text("DCSN_TILE_ATTRIBUTION", "")
DEMONSTRATION = env.flag("DCSN_DEMONSTRATION", False)
_in_public = env.flag("DCSN_DEMONSTRATION_IN_PUBLIC", False)
if DEMONSTRATION and not DEVELOPMENT and not _in_public:
    raise ImproperlyConfigured(
        "DCSN_DEMONSTRATION loads sign-ins whose passwords are public. Unset it, or, for a public "
        "trial with no real people in it, set DCSN_DEMONSTRATION_IN_PUBLIC too."
    )

# --- Applications -----------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "dcsn",
    "dcsn.forms",
    "dcsn.accounts",
    "dcsn.access",
    "dcsn.audit",
    "dcsn.privacy",
    "dcsn.messages",
    "dcsn.jobs",
    "dcsn.limits",
    "dcsn.printing",
    "dcsn.pages",
    "directory",
    "members",
    "referrals",
    "volunteers",
    "pathways",
]

MIDDLEWARE = [
    "dcsn.health.HealthMiddleware",
    "dcsn.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "dcsn.headers.ProtectiveHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "dcsn.error_pages.UnreadableRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dcsn.accounts.middleware.SessionActivityMiddleware",
    "dcsn.access.middleware.SecondFactorMiddleware",
    "members.middleware.ReasonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "dcsn.urls"
WSGI_APPLICATION = "dcsn.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "dcsn.network.context",
                "dcsn.pages.appearance.context",
                "dcsn.menu.context",
            ],
            # Times are written in one way everywhere, without a {% load %} to forget.
            "builtins": ["dcsn.forms.templatetags.clock"],
        },
    }
]
FORM_RENDERER = "dcsn.forms.renderer.GovukRenderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Database, broker, cache ------------------------------------------------------------------------
# script/server starts an embedded PostgreSQL under var/ and hands its address over when none is set.
DATABASES = {
    "default": dj_database_url.parse(
        env.secret("DATABASE_URL"), conn_max_age=60, conn_health_checks=True
    )
}
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", 5)
DATABASES["default"]["TEST"] = {"NAME": env.text("DCSN_TEST_DATABASE", "test_dcsn")}

REDIS_URL = env.secret("REDIS_URL", "")
# Limits on signing in must count across processes, so never the memory cache.
_DATABASE_CACHE = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "dcsn_cache",
}
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "dcsn.cache.RedisOrDatabaseCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "dcsn",
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
        },
        "database": _DATABASE_CACHE,
    }
    # redis-py writes a socket as unix://, Celery as redis+socket://.
    CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")
    # With the broker gone a request gives up at once instead of after six seconds: the row is saved
    # and beat sweeps. Workers reconnect by settings of their own.
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, int | float | str] = {
        "max_retries": 1,
        "interval_start": 0,
        "interval_max": 0.2,
        "socket_connect_timeout": 2,
    }
else:
    CACHES = {"default": _DATABASE_CACHE}
    CELERY_BROKER_URL = "filesystem://"
    _broker_dir = env.text("DCSN_BROKER_DIR", str(VAR_DIR / "broker"))
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": _broker_dir,
        "data_folder_out": _broker_dir,
        "control_folder": f"{_broker_dir}-control",
    }
env.names.add("DCSN_BROKER_DIR")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Europe/London"
CELERY_TASK_ALWAYS_EAGER = False
# A request must not hang when the broker is gone: the row is saved, beat sweeps later.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
# What beat sends, and how often. A sweep that piles up while no worker runs is dropped ("expires").
CELERY_BEAT_SCHEDULE = {
    "invitations that are long over": {
        "task": "accounts.forget_old_invitations",
        "schedule": crontab(hour="3", minute="20"),
    },
    "sessions that are over, with the lists in them": {
        "task": "accounts.forget_ended_sessions",
        "schedule": crontab(minute="25"),
    },
    "jobs that lost their worker or their message": {
        "task": "jobs.sweep",
        "schedule": 30.0,
        "options": {"expires": 25},
    },
    "reports and shared lists whose time is over": {
        "task": "directory.forget",
        "schedule": crontab(hour="3", minute="30"),
    },
    "the search index, anew": {
        "task": "directory.reindex",
        "schedule": crontab(hour="3", minute="40"),
    },
    "counts of yesterday": {
        "task": "limits.sweep",
        "schedule": crontab(hour="3", minute="10"),
    },
    "names and addresses of post that has arrived": {
        "task": "members.wipe_old_requests",
        "schedule": crontab(hour="3", minute="30"),
    },
    "payments whose notice never came": {
        "task": "members.sweep_payments",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 240},
    },
    "tokens that ran out": {
        "task": "members.expire_tokens",
        "schedule": crontab(hour="3", minute="50"),
    },
    "what is kept long enough": {
        "task": "privacy.retention",
        "schedule": crontab(hour="2", minute="40"),
    },
    "telecare of carers that ends soon": {
        "task": "pathways.telecare",
        "schedule": crontab(hour="7", minute="15"),
    },
    "reviews that are due, and those that were missed": {
        "task": "pathways.reviews",
        "schedule": crontab(hour="6", minute="40"),
    },
    "complaints that must be acknowledged": {
        "task": "members.remind_of_complaints",
        "schedule": crontab(hour="6", minute="20"),
    },
    "agreements that are to be reviewed": {
        "task": "members.remind_of_reviews",
        "schedule": crontab(hour="6", minute="15"),
    },
    "records of people that look like one person's": {
        "task": "members.look_for_duplicates",
        "schedule": crontab(minute="35"),
    },
    # By day and each hour, not once a night: what a stopped worker missed is done soon after it is back.
    "referrals that nobody answers": {
        "task": "referrals.clock",
        "schedule": crontab(hour="6-19", minute="5"),
        "options": {"expires": 3000},
    },
    "people to be asked whether they got the help": {
        "task": "referrals.ask",
        "schedule": crontab(hour="8-17", minute="15"),
        "options": {"expires": 3000},
    },
    "links of people that ran out": {
        "task": "referrals.forget_links",
        "schedule": crontab(hour="3", minute="35"),
    },
    "what nobody has looked at in time": {
        "task": "referrals.look_after_concerns",
        "schedule": crontab(minute="5", hour="8-18"),
    },
    "volunteers who did not answer in time": {
        "task": "volunteers.lapse_offers",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 550},
    },
    "checks of volunteers that run out; who waits for nothing": {
        "task": "volunteers.look_after",
        "schedule": crontab(hour="6", minute="45"),
    },
    "requests for help for which nobody was found": {
        "task": "volunteers.follow_up_help",
        "schedule": crontab(hour="8-17", minute="25"),
        "options": {"expires": 3000},
    },
    # Each hour of the day: who takes a place late is reminded too, and each place once.
    "volunteers who come tomorrow": {
        "task": "volunteers.remind_of_shifts",
        "schedule": crontab(hour="9-19", minute="40"),
        "options": {"expires": 3000},
    },
    "thanks to volunteers, on their way": {
        "task": "volunteers.follow_thanks",
        "schedule": crontab(minute="55"),
        "options": {"expires": 3000},
    },
    "messages that were missed, got stuck or are old": {
        "task": "outbox.sweep",
        "schedule": 30.0,
        "options": {"expires": 25},
    },
}
# How often a worker says that it is alive; after six silent ones its job is given to another.
JOB_HEARTBEAT_SECONDS = env.number("DCSN_JOB_HEARTBEAT_SECONDS", 5)

# --- People and sign-in -----------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60 * 4  # the page and the e-mail say "a few hours"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:home"
ACCOUNT_ADAPTER = "dcsn.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# A code typed in works on any computer; a link opens on the one where the e-mail is read.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Neither the page nor an e-mail says whether somebody has an account.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session stays, Django ends the others
ACCOUNT_SESSION_REMEMBER = False
# By account first; by address only loosely, because a library's readers share one.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/m/ip,5/300s/key"}
ACCOUNT_FORMS = {
    "add_email": "dcsn.accounts.forms.AddEmailForm",
    "change_password": "dcsn.accounts.forms.ChangePasswordForm",
    "confirm_email_verification_code": "dcsn.accounts.forms.ConfirmEmailVerificationCodeForm",
    "login": "dcsn.accounts.forms.LoginForm",
    "reauthenticate": "dcsn.accounts.forms.ReauthenticateForm",
    "reset_password": "dcsn.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "dcsn.accounts.forms.ResetPasswordKeyForm",
    "set_password": "dcsn.accounts.forms.SetPasswordForm",
}
MFA_ADAPTER = "dcsn.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "activate_totp": "dcsn.accounts.forms.ActivateTOTPForm",
    "authenticate": "dcsn.accounts.forms.AuthenticateForm",
    "reauthenticate": "dcsn.accounts.forms.MfaReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = NETWORK_NAME
MFA_TOTP_TOLERANCE = 1  # a code is good for 30 seconds more: fingers may be slow
USERSESSIONS_TRACK_ACTIVITY = True
# A desk is shared: staff are signed out after a working day, and when the browser closes.
SESSION_COOKIE_AGE = 60 * 60 * 12
# Also for readers: their list is gone when they leave a library's computer.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "dcsn.error_pages.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# The access point that posts what residents ask for on the website: the short id at the end of its
# address. Unset: the first access point in the list.
PAPER_DESK = env.text("DCSN_PAPER_DESK", "")
# The organisation that finds volunteers for neighbours: its short id; empty for the desk that posts paper.
VOLUNTEER_CENTRE = env.text("DCSN_VOLUNTEER_CENTRE", "")
# Days within which something happens for everybody who wants to volunteer and has no place yet.
VOLUNTEER_NEXT_STEP_DAYS = env.number("DCSN_VOLUNTEER_NEXT_STEP_DAYS", 21)

# What signs the QR codes of discount cards, by version. The highest signs; the others keep the cards good
# that are in people's pockets (docs/running.md, "Keys of the discount cards").
CARD_KEYS = env.keys("DCSN_CARD_KEYS", "1:development-only-" + "c" * 32 if DEVELOPMENT else "")

# --- Payments by card online ------------------------------------------------------------------------
# "govuk-pay", or "development" for a pretended provider; empty: cards are taken at desks only.
PAYMENT_PROVIDER = env.text(
    "DCSN_PAYMENT_PROVIDER", "development" if DEVELOPMENT or DEMONSTRATION else ""
)
if PAYMENT_PROVIDER not in ("", "development", "govuk-pay"):
    raise ImproperlyConfigured('DCSN_PAYMENT_PROVIDER is "govuk-pay", "development" or empty.')
if PAYMENT_PROVIDER == "development" and not (DEVELOPMENT or DEMONSTRATION):
    raise ImproperlyConfigured(
        "DCSN_PAYMENT_PROVIDER=development takes no money: it is for development and demonstrations."
    )
GOVUK_PAY_ADDRESS = env.text(
    "DCSN_GOVUK_PAY_ADDRESS", "https://publicapi.payments.service.gov.uk"
).rstrip("/")
GOVUK_PAY_KEY = env.secret("DCSN_GOVUK_PAY_KEY", "")
# What its notices are signed with; while it changes, the new one and the old one.
GOVUK_PAY_WEBHOOK_SECRETS = [
    part for part in env.secret("DCSN_GOVUK_PAY_WEBHOOK_SECRETS", "").split(",") if part
]
if PAYMENT_PROVIDER == "govuk-pay":
    if not GOVUK_PAY_KEY:
        raise ImproperlyConfigured("DCSN_PAYMENT_PROVIDER=govuk-pay needs DCSN_GOVUK_PAY_KEY.")
    if not DEVELOPMENT and not GOVUK_PAY_ADDRESS.startswith("https://"):
        raise ImproperlyConfigured("DCSN_GOVUK_PAY_ADDRESS must begin with https://.")
# Tokens that are bought and spent on an hour of a neighbour's help. Off: no page, no menu says so.
TOKENS = env.flag("DCSN_TOKENS", False)
TOKEN_PENCE = env.number("DCSN_TOKEN_PENCE", 1000)
TOKEN_MONTHS = env.number("DCSN_TOKEN_MONTHS", 12)

# --- Letters, e-mail, text messages -----------------------------------------------------------------
if env.text("DCSN_EMAIL_HOST", ""):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = env.text("DCSN_EMAIL_HOST")
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_PORT = env.number("DCSN_EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("DCSN_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.secret("DCSN_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env.flag("DCSN_EMAIL_TLS", True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DCSN_EMAIL_FROM", "portal@example.org")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
SMS_ADAPTER = env.text("DCSN_SMS_ADAPTER", "")  # empty: text messages are not offered
SMS_STUB_DIR = VAR_DIR / "sms"  # where dcsn.messages.adapters.sms.LocalStub writes
# After so many days the outbox forgets who a message went to and what it said.
MESSAGE_KEEP_DAYS = env.number("DCSN_MESSAGE_KEEP_DAYS", 90)

# Names the licence under which this installation may score SWEMWBS (University of Warwick); empty: none.
SWEMWBS_LICENCE = env.text("DCSN_SWEMWBS_LICENCE", "")

# --- How long things are kept, in days (docs/data-handling.md says what is left after each) --------------
# Somebody who was only given information: two years after the last contact.
KEEP_INFORMATION_DAYS = env.number("DCSN_KEEP_INFORMATION_DAYS", 730)
# Somebody for whom help was arranged: eight years after it ended, as councils keep such records.
KEEP_CASE_DAYS = env.number("DCSN_KEEP_CASE_DAYS", 2922)
# A referral that was begun and never sent, an enquiry that was broken off.
KEEP_DRAFT_DAYS = env.number("DCSN_KEEP_DRAFT_DAYS", 90)
# The number of a DBS certificate, after the decision: the code of practice says six months at most.
KEEP_CERTIFICATE_DAYS = env.number("DCSN_KEEP_CERTIFICATE_DAYS", 182)
# A complaint, after it was answered or taken back.
KEEP_COMPLAINT_DAYS = env.number("DCSN_KEEP_COMPLAINT_DAYS", 730)
# Why somebody was a member without paying, after it was decided, or after its day of review.
KEEP_CONCESSION_DAYS = env.number("DCSN_KEEP_CONCESSION_DAYS", 730)
# Reasons for opening a record outside one's own access point.
KEEP_OPENING_DAYS = env.number("DCSN_KEEP_OPENING_DAYS", 730)
# The copy that somebody was given of what is known about them, and that they asked for it.
KEEP_COPY_DAYS = env.number("DCSN_KEEP_COPY_DAYS", 90)
# Who gave or shared a membership, after its code was taken up or ran out.
KEEP_JOIN_CODE_DAYS = env.number("DCSN_KEEP_JOIN_CODE_DAYS", 365)
# How often cards were shown in a shop, by day.
KEEP_TILL_COUNT_DAYS = env.number("DCSN_KEEP_TILL_COUNT_DAYS", 731)
# Whom events of the audit trail were about besides their subject; that they happened stays.
KEEP_AUDIT_DAYS = env.number("DCSN_KEEP_AUDIT_DAYS", 2922)

# --- Files ------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
# In development the files are served from where they lie, so that a change shows at once.
_collected = BASE_DIR / env.text("DCSN_STATIC_DIR", str(BASE_DIR / "staticfiles"))
STATIC_ROOT = None if DEVELOPMENT else _collected
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = BASE_DIR / env.text("DCSN_FILES_DIR", str(VAR_DIR / "files"))
# Laid-out pieces of long documents, kept by content (dcsn/printing/shards.py); may be emptied any time.
PRINT_CACHE_DIR = BASE_DIR / env.text("DCSN_PRINT_CACHE_DIR", str(VAR_DIR / "print-cache"))
# Who was erased, in ids: beside the files and outside the database, so that a restore keeps it.
ERASURE_LOG = BASE_DIR / env.text("DCSN_ERASURE_LOG", str(MEDIA_ROOT.parent / "erasures.jsonl"))
# The key that `manage.py backup` encrypts with; its public half is enough (docs/running.md).
BACKUP_KEY_FILE = BASE_DIR / _key if (_key := env.text("DCSN_BACKUP_KEY_FILE", "")) else None
PRIVACY_PERSON_MODEL = "members.Person"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEVELOPMENT
WHITENOISE_AUTOREFRESH = DEVELOPMENT
WHITENOISE_MAX_AGE = 0 if DEVELOPMENT else 60 * 60
WHITENOISE_ALLOW_ALL_ORIGINS = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# --- Words, dates -----------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

# --- Browser security -------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if not DEVELOPMENT:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
# The map's tiles, when there are any, come from one other origin: "https://tiles.example/{z}/…".
_tiles = ["/".join(TILE_ADDRESS.split("/")[:3])] if TILE_ADDRESS else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:", *_tiles],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# --- Logs: JSON, without personal data ----------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "dcsn.logs.SafeJsonFormatter"},
        "plain": {"format": "%(levelname)s %(name)s %(message)s"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain" if DEVELOPMENT else "json",
        }
    },
    "root": {"handlers": ["console"], "level": env.text("DCSN_LOG_LEVEL", "INFO").upper()},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # Our own line for each request says the same without the address that was asked for.
        "django.request": {"level": "ERROR"},
        "django.server": {
            "handlers": [],
            "propagate": True,
            "level": "INFO" if DEVELOPMENT else "ERROR",
        },
        "dcsn.request": {"level": "WARNING" if DEVELOPMENT else "INFO"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
    },
}
# Celery would put its own, unredacted, format in place of the above.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# Names that settings do not read, so that the check for typos knows them: the tests' own.
env.names.update({"DCSN_SHARED_DATA"})
env.refuse_unknown()
