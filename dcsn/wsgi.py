"""What gunicorn serves: ``gunicorn dcsn.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dcsn.settings")
application = get_wsgi_application()
