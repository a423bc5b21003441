"""How gunicorn serves the portal: ``gunicorn dcsn.wsgi`` reads this file by itself."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# A worker that is stuck is replaced; the slowest page, a short list in giant print, takes a second.
timeout = 60
graceful_timeout = 30
# Workers are renewed now and then, not all at once.
max_requests, max_requests_jitter = 2000, 200
# A little above what Django answers with a page of its own (dcsn/error_pages.py).
limit_request_line = 8190
# Django trusts the proxy's header itself; gunicorn's heartbeat file belongs in memory.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108
# One line for each request is written by Django, without the address that was asked for.
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "dcsn.logs.SafeJsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": [], "propagate": True, "level": "INFO"},
        "gunicorn.access": {"handlers": [], "propagate": False, "level": "CRITICAL"},
    },
}
