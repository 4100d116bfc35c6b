"""The site's application, its clock standing still at SERVED_MOMENT where that is set."""

import os
from datetime import datetime

import time_machine

if moment := os.environ.get("SERVED_MOMENT"):
    time_machine.travel(datetime.fromisoformat(moment), tick=False).start()

from ita_tracker.wsgi import application

__all__ = ["application"]
