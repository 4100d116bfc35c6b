"""Settings of logs: lines on the console, and errors by mail.

Read by settings.py, like those of signing in.
"""

from typing import Any, Final

FIELDS: Final = "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s"


def logging_of(line_format: str, *, mails: bool) -> dict[str, Any]:
    """What logging.config.dictConfig takes.

    Args:
        line_format: json, one object a line with time, level, name, message, request_id and exc_info;
            or text.
        mails: whether errors also go to the administrators.
    """
    handlers = ["console", "mail"] if mails else ["console"]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request": {"()": "ita_tracker.request_ids.WithRequestId"}},
        "formatters": {
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "format": FIELDS,
                "datefmt": "%Y-%m-%dT%H:%M:%S%z",
                "rename_fields": {"asctime": "time", "levelname": "level"},
                "json_ensure_ascii": False,
            },
            "text": {"format": "%(message)s"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "filters": ["request"],
                "formatter": line_format,
            },
            "mail": {
                "class": "ita_tracker.error_mail.ErrorMailHandler",
                "filters": ["request"],
                "level": "ERROR",
            },
        },
        "root": {"handlers": handlers, "level": "WARNING"},
        # The default handlers of this logger depend on DEBUG; errors belong on the console in both.
        "loggers": {"django.request": {"level": "ERROR"}, "django": {"handlers": [], "level": "WARNING"}},
    }
