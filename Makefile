# Every command of the project. `make` alone lists them.
#
# Paths are relative and tools are called as `.venv/bin/python -m TOOL`, because neither make's variables
# nor a script's #! line survive a path with a space in it; oxfmt and oxlint are programs without such a line.

PORT ?= 8000
PY := .venv/bin/python

# One test file, folder or test: make test T=tests/core/test_thai_calendar.py
T =

# Tests must not depend on what the person's shell happens to hold.
CLEAN_ENV := env -u SECRET_KEY -u DEBUG -u HTTPS -u ALLOWED_HOSTS -u CSRF_TRUSTED_ORIGINS -u DATABASE_URL \
	-u SQLITE_PATH -u DATABASE_POOL_SIZE -u ITA_DEMO_PASSWORD -u DJANGO_SETTINGS_MODULE -u PYTEST_ADDOPTS \
	-u BACKUP_DIR -u BACKUP_PASSPHRASE_FILE -u READABLE_ERRORS -u TRUSTED_PROXIES -u ADMIN_NETWORKS -u THOROUGH
# A worker for every core, but no more databases at once than a shared machine can bear. Neighbouring tests
# stay on one worker, where they share what their module has laid out.
PYTEST := $(PY) -m pytest -n auto --maxprocesses 8 --dist worksteal

# Fonts, browsers and pip keep caches under HOME; a service account often has none that can be written.
ifneq ($(shell test -w "$$HOME" && echo yes),yes)
export HOME := $(CURDIR)/.cache/home
endif
# What is compiled is kept: Python and pytest otherwise compile 600 files anew in each of their processes.
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE
export PYTHONUTF8 := 1
# What is printed is seen at once, also by a log.
export PYTHONUNBUFFERED := 1

.DEFAULT_GOAL := help
.PHONY: help run dev test thorough fuzz coverage lint format audit torture bench screenshots corpus manual usability lock

help:  ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(firstword $(MAKEFILE_LIST))

# The kernel ends what make has started also when make is killed outright.
DIES_WITH_MAKE := $$(command -v setpriv >/dev/null && echo setpriv --pdeathsig TERM)

.PHONY: served
served:
	@.ci/bootstrap port "$(PORT)"
	@.ci/bootstrap run
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py demo

run: served  ## install what is missing, load the demo, serve on http://127.0.0.1:8000 (PORT=8001 to change)
# Beside the server a worker for what is done in the background. Without the reloader: Ctrl-C, or a kill of
# make, of the server or of what keeps both, leaves nothing behind.
	@exec env READABLE_ERRORS="$${READABLE_ERRORS:-on}" $(DIES_WITH_MAKE) \
		$(PY) manage.py keep_worker $(PY) manage.py runserver --noreload "127.0.0.1:$(PORT)"

dev: served  ## the same for who changes the code: reloads, and shows Django's own page of an exception
	@exec $(DIES_WITH_MAKE) $(PY) manage.py keep_worker --reload $(PY) manage.py runserver "127.0.0.1:$(PORT)"

ifeq ($(T),)
test: lint  ## check, then the whole suite on SQLite and on PostgreSQL (T=tests/core/test_thai_calendar.py: only that, quickly)
	@echo "pytest on SQLite"
	@$(CLEAN_ENV) $(PYTEST) --first-engine=.cache/second-engine.json
	@echo "pytest on PostgreSQL: each statement once more, and every test that another database could answer otherwise"
	@$(CLEAN_ENV) $(PY) .ci/with-postgres $(PYTEST) --second-engine=.cache/second-engine.json
else
test:
	@.ci/bootstrap test
	@$(CLEAN_ENV) $(PY) -m pytest $(T)
endif

thorough:  ## the suite in its long form, on both databases: all values, moments, forms and looks (half an hour)
	@.ci/bootstrap test
	@$(CLEAN_ENV) THOROUGH=on $(PYTEST)
	@$(CLEAN_ENV) THOROUGH=on $(PY) .ci/with-postgres $(PYTEST) --second-engine=/dev/null

fuzz:  ## ten thousand random requests on each database, and how many were answered what: no server error
	@.ci/bootstrap test
	@echo "random requests on SQLite"
	@$(CLEAN_ENV) THOROUGH=on $(PYTEST) -q tests/ita_tracker/test_fuzzed_requests.py
	@echo "random requests on PostgreSQL"
	@$(CLEAN_ENV) THOROUGH=on $(PY) .ci/with-postgres $(PYTEST) -q tests/ita_tracker/test_fuzzed_requests.py

coverage:  ## the suite on SQLite without the browser, traced: fails below 95 % of lines and branches
	@.ci/bootstrap test
	@$(CLEAN_ENV) $(PYTEST) -m "not browser" --cov --cov-report=term:skip-covered --cov-fail-under=95

# Two at a time, the longest first; what one prints is seen when it has ended.
LOOKS := types migrations templates form imports
lint:  ## only the checks that run no test
	@.ci/bootstrap test
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target $(LOOKS)

.PHONY: $(LOOKS)
types:
	@$(PY) -m mypy

migrations:
	@$(CLEAN_ENV) $(PY) manage.py makemigrations --check --dry-run

templates:
	@$(PY) -m djlint --lint --quiet templates
	@$(PY) .ci/check-templates

form:
	@$(PY) -m ruff check --output-format concise
	@$(PY) -m ruff format --check --output-format concise
	@.venv/bin/oxfmt --list-different static
	@.venv/bin/oxlint --deny-warnings --format unix static

imports:
	@$(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()" --cache-dir .cache/imports

format:  ## put the code into the form that lint asks for
	@.ci/bootstrap test
	@$(PY) -m ruff check --fix --exit-zero --output-format concise
	@$(PY) -m ruff format
	@.venv/bin/oxfmt static

audit:  ## known holes and licences of the packages, bandit on the code, and build/sbom.json
	@.ci/bootstrap test
	@$(PY) .ci/audit

# What is not named is as `python -m tests.faults --help` says.
torture:  ## 100 kills, power cuts, full disks, wrong clocks … on each engine (ROUNDS=20 ENGINE=sqlite SEED=1)
	@.ci/bootstrap test
	@$(CLEAN_ENV) $(PY) -m tests.faults $(if $(ROUNDS),--rounds "$(ROUNDS)") \
		$(if $(ENGINE),--engine "$(ENGINE)") $(if $(SEED),--seed "$(SEED)")

bench:  ## the benchmarks, beside what one would pick instead
	@.ci/bootstrap test
	@$(CLEAN_ENV) $(PY) -m tests.bench

screenshots:  ## every page of every role at three widths, light and dark, into build/screenshots (ONLY=officer-report)
	@.ci/bootstrap test
	@$(CLEAN_ENV) $(PY) -m tests.screenshots $(if $(ONLY),--only "$(ONLY)")

corpus:  ## how plans as they really look are read: right, marked, stopped and silent cells by kind
	@.ci/bootstrap test
	@$(CLEAN_ENV) $(PY) -m tests.measures.plan_import.looks

manual:  ## the manual's pictures anew from the demo, and its PDFs into build/manual
	@.ci/bootstrap test
	@$(CLEAN_ENV) $(PY) -m tests.manual

usability:  ## count actions, bytes and movement of the main pages; writes docs/USABILITY.md
	@.ci/bootstrap test
	@$(CLEAN_ENV) $(PY) -m tests.usability

lock:  ## pin requirements*.txt anew from pyproject.toml (UPGRADE=1 for the newest of everything)
	@.ci/lock $(if $(UPGRADE),--upgrade)
