"""The WSGI application.

The PDF renderer is imported and warmed up here: WeasyPrint and the fonts take two seconds, which belong to
the start of a worker and not to the first person who asks for a report.
"""

import os

from django.core.wsgi import get_wsgi_application

from ita_tracker.requests import ReadableRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ita_tracker.settings")

application = get_wsgi_application()
application.request_class = ReadableRequest

from core.garbage import search_less_often  # noqa: E402
from reports.renderers import pdf  # noqa: E402  (needs the configured settings)

pdf.warm_up()
search_less_often()
