"""The WSGI application.

The PDF renderer is imported here because importing WeasyPrint takes about a second: that second belongs
to the start of a worker, not to the first person who asks for a report.
"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ita_tracker.settings")

application = get_wsgi_application()

import reports.renderers.pdf  # noqa: E402, F401  (needs the configured settings)
