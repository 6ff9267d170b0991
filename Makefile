# The project's commands. README.md says more about each.
PYTHON ?= python3
PORT ?= 8000
WORKERS ?= $(shell nproc 2>/dev/null || echo 2)
PYTEST = .venv/bin/python -m pytest -q -n $(WORKERS) --dist worksteal
ON_POSTGRESQL = .venv/bin/python -m tests.postgres
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run test lint audit messages

run: .venv/installed
	@exec .venv/bin/python scripts/run.py $(PORT)

# Everything on SQLite, then on PostgreSQL: the server that DATABASE_URL names, else one from pip.
test: .venv/installed-dev
	DATABASE_URL= $(PYTEST)
	$(ON_POSTGRESQL) $(PYTEST)

# What is too long for every run.
audit: .venv/installed-dev
	DATABASE_URL= $(PYTEST) -m audit --hypothesis-profile=audit
	$(ON_POSTGRESQL) $(PYTEST) -m audit --hypothesis-profile=audit

lint: .venv/installed-dev
	.venv/bin/ruff check --output-format concise .
	.venv/bin/djlint --lint templates

# Brings the catalogues in locale/ up to date with the sentences in code and templates.
messages: .venv/installed
	@DEBUG=1 .venv/bin/python manage.py messages

.venv/installed: requirements.txt | .venv/bin/python
	.venv/bin/python -m pip install -qq -r requirements.txt
	@touch $@

.venv/installed-dev: requirements.txt requirements-dev.txt | .venv/bin/python
	.venv/bin/python -m pip install -qq -r requirements-dev.txt
	@touch $@ .venv/installed

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, and %s is %s. Name another: make PYTHON=python3.11 run" % (sys.executable, sys.version.split()[0]))'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }
