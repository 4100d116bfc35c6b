"""Settings of the database: PostgreSQL by an address, else SQLite.

Read by settings.py, like those of signing in.
"""

from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from environs import Env

# Seconds. A server that does not answer keeps nobody longer; two are the least that libpq knows.
CONNECT_SECONDS: Final = 2
# What was sent and not acknowledged, and a line on which nothing has come for long, are given up.
LOST_LINE: Final = {
    "tcp_user_timeout": 3_000,
    "keepalives_idle": 5,
    "keepalives_interval": 1,
    "keepalives_count": 3,
}


def databases_of(env: Env, folder: Path) -> dict[str, Any]:
    """What Django takes as DATABASES.

    Raises:
        ImproperlyConfigured: the address is not one of PostgreSQL.
    """
    return {"default": _postgresql(env) if env.str("DATABASE_URL", default="") else _sqlite(env, folder)}


def _postgresql(env: Env) -> dict[str, Any]:
    database: dict[str, Any] = dict(env.dj_db_url("DATABASE_URL"))
    if database["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must be a postgres:// address; without it SQLite is used.")
    seconds = env.int("DATABASE_STATEMENT_SECONDS", default=30)
    # Without jit: PostgreSQL would compile what a page asks, for longer than it takes to answer it.
    # What the address itself says comes first. `migrate` lifts the limits for itself (core/apps.py).
    options = {
        "connect_timeout": CONNECT_SECONDS,
        **LOST_LINE,
        "options": f"-c statement_timeout={seconds * 1000} -c lock_timeout=10000 -c jit=off",
        **database.get("OPTIONS", {}),
    }
    if size := env.int("DATABASE_POOL_SIZE", default=8):
        options["pool"] = {
            "min_size": 1,
            "max_size": size,
            "timeout": float(CONNECT_SECONDS),
            # Given up soon, so that the next request tries at once: a pool that goes on pauses ever longer.
            "reconnect_timeout": 2.0,
        }
    # A connection that has died in the pool is found before it is used.
    return {**database, "OPTIONS": options, "CONN_HEALTH_CHECKS": True}


def _sqlite(env: Env, folder: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": env.path("SQLITE_PATH", default=folder / "db.sqlite3"),
        "OPTIONS": {
            # A write transaction takes its lock at once and waits for it, instead of failing half-way when
            # two readers want to become writers.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: what was committed is there after a power cut; with NORMAL the last seconds are not.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
