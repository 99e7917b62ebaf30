"""The application object for any WSGI server; `shuxiang start` serves the same one."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuxiang.config.settings")
application = get_wsgi_application()
