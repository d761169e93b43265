# Everything starts here: `make demo`, `make run`, `make test`. Nothing but Debian or Ubuntu with Python 3.11 is assumed.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# Images often set it: each of many processes would compile the application anew.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
HOST ?= 127.0.0.1
DATA ?=
# One more than processors, since a third of the time goes to waiting for servers and browsers; at most one for 4 GB of
# memory, since each loads torch.
TEST_PROCESSES ?= $(shell gb=$$(awk '/^MemTotal/ {print int($$2 / 4000000)}' /proc/meminfo); \
	printf '%s\n' $$(($$(nproc) + 1)) $$gb 4 | sort -n | head -1 | sed 's/^[01]$$/2/')
START := $(shell date +%s)

BIN := .venv/bin
LOCKS := requirements.txt .ci/requirements-dev.txt
TORCH := requirements-torch.txt
# The locks' hash is in the name: a changed lock means that the installation is no longer up to date.
STAMP := .venv/.installed-$(shell cat $(LOCKS) $(TORCH) | sha256sum | cut -c1-16)
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
AUDIT := var/audit
# Whose packages `make sbom` lists; the image has its own in /opt/venv.
SBOM_PYTHON ?= $(BIN)/python
FONTS := fonts-dejavu-core fonts-liberation fonts-lato fonts-inconsolata fonts-courier-prime fonts-anonymous-pro fonts-ocr-b fonts-vlgothic
# Tesseract's data for the languages of sample documents that RapidOCR cannot read.
OCR_DATA := tesseract-ocr-ell tesseract-ocr-vie
# What another database, cache or broker may answer differently: queries, constraints, transactions, JSON and text
# columns. Every page and every call is in it once (access, contract); forms, texts and commands are not.
ON_SERVERS := $(addprefix tests/,audit_log automation jobs privacy webhooks review/questions serving/batches serving/canaries \
	access/test_page_access.py access/test_outside_projects.py api/test_contract.py api/test_idempotency.py \
	auditing/test_matching.py auditing/test_runs.py auditing/test_totals.py documents/test_documents_api.py \
	documents/test_load_command.py identity/test_login_page.py labels/test_ranking.py labels/test_store.py \
	operation/test_health.py projects/test_projects.py quality reports/tables/test_freezing.py review/test_actions.py \
	review/test_reservations.py review/tables/test_requests.py serving/escalation/test_interruptions.py \
	serving/test_registry.py serving/test_slots.py teaching/batches/test_runs.py teaching/test_dispatch.py \
	teaching/test_label_runs.py training/cross_checks/test_starting.py training/test_training_runs.py)
# A file's tests stay in one process: what a module prepares is prepared once. `tests/conftest.py` puts them in order.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/pytest -n $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder
PIP_COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --strip-extras --no-annotate \
	--no-emit-index-url --no-emit-find-links --unsafe-package torch
# Lists the hashes of all files that PyPI has of a version; trusts the certificates that pip trusts, not its configuration.
# For every platform, so that the lock is the same wherever it is written.
UV_COMPILE := $(BIN)/uv pip compile --quiet --system-certs --no-config --no-deps --generate-hashes --universal \
	--python-version 3.11 --no-annotate --custom-compile-command "make lock"

.PHONY: help setup system data demo run test test-fast lint client bench soak audit sbom messages lock port folder

help: ## This list.
	@sed -n 's/^\([a-z-]*\):[^#]*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

setup: system $(STAMP) data ## Sets up all that is needed; seconds when nothing is to do.

system:
	@PYTHON="$(PYTHON)" .ci/system-packages python3-venv tesseract-ocr $(OCR_DATA) $(FONTS)

$(STAMP):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "kdweb needs Python 3.11 or newer; install it or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python." >&2; exit 2; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { rm -rf .venv; $(PYTHON) -m venv .venv; } \
		|| { echo "The virtual environment cannot be made; install the system package python3-venv." >&2; exit 2; }
	@echo "Installing the Python packages (a few minutes the first time)." >&2
	@$(PIP_INSTALL) --require-hashes --no-deps $(addprefix --requirement ,$(LOCKS))
	@# torch comes last and alone: it has no hash, and finds what it needs installed but for the libraries of a GPU build.
	@# TORCH_INDEX_URL may name an index of its smaller CPU builds.
	@$(PIP_INSTALL) --requirement $(TORCH) $(if $(TORCH_INDEX_URL),--extra-index-url "$(TORCH_INDEX_URL)")
	@# Nothing was resolved, so what the lock lacks on this machine's Python would show at run time only.
	@problems=$$($(BIN)/python -m pip --disable-pip-version-check check) || { echo "$$problems" >&2; \
		echo "The packages in .venv do not fit together; remove it and set up again: rm -r .venv && make setup." >&2; exit 2; }
	@rm -f .venv/.installed-* && touch $@

data: $(STAMP)
	@$(BIN)/python manage.py migrate --noinput --skip-checks --verbosity 0
	@$(BIN)/python manage.py createcachetable --verbosity 0
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@$(BIN)/pybabel --quiet compile --directory locale --domain "django djangojs"

port:
	@$(PYTHON) -c 'import socket, sys; socket.create_server((sys.argv[1], int(sys.argv[2]))).close()' "$(HOST)" "$(PORT)" 2>/dev/null \
		|| { echo "Port $(PORT) of $(HOST) cannot be used; name a free one: make $(MAKECMDGOALS) PORT=8010." >&2; exit 2; }

folder:
	@[ -z "$(DATA)" ] || [ -d "$(DATA)" ] || { echo "There is no folder $(DATA)." >&2; exit 2; }

demo: port folder setup ## The whole loop on sample documents (or on yours: DATA=folder), then serves the application.
	@exec $(BIN)/python manage.py demo --host "$(HOST)" --port "$(PORT)" --setup-seconds $$(($$(date +%s) - $(START))) \
		$(if $(DATA),--data "$(DATA)")

run: port setup ## Serves the application: web, default worker with scheduler, training worker.
	@exec $(BIN)/python manage.py run --host "$(HOST)" --port "$(PORT)"

test: setup ## The whole test suite.
	@.ci/system-packages chromium gettext nodejs postgresql rabbitmq-server redis-server
	@# What may behave differently on servers runs on PostgreSQL and Redis first (if installed), then everything on SQLite.
	@failed=0; \
		$(BIN)/python -m tests.support.servers env $(PYTEST) -q -m "not slow and not browser" $(ON_SERVERS) || failed=$$?; \
		$(PYTEST) || failed=$$?; \
		exit $$failed

test-fast: $(STAMP) ## The tests that need no browser, no servers and little time.
	@$(PYTEST) -q -m "not slow and not browser and not servers"

lint: setup ## Style, types, layers, templates, migrations.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint --check --lint templates
	@$(BIN)/python manage.py makemigrations --check --dry-run --skip-checks

# A copy is built: building leaves files beside what it builds.
client: $(STAMP) ## The wheel of the typed Python client, in dist/.
	@folder=$$(mktemp -d) && cp -r client "$$folder" \
		&& $(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist "$$folder/client"; \
		status=$$?; rm -rf "$$folder"; exit $$status
	@ls dist/kdweb_client-*.whl

bench: setup ## The benchmarks behind the figures in README and docs.
	@$(BIN)/python manage.py bench

DATABASE ?= sqlite postgresql
FAULTS ?= kill
KILLS ?= 200
TIMES ?= 3

soak: setup ## kdweb under load with faults: make soak DATABASE=postgresql FAULTS=kill,disk-full KILLS=200 TIMES=3; FAULTS=all
	@[[ "$(DATABASE)" != *postgresql* ]] || .ci/system-packages postgresql redis-server
	@failed=0; for database in $(DATABASE); do \
			$(BIN)/python -m benchmarks.soak --database $$database --faults $(FAULTS) --kills $(KILLS) --times $(TIMES) || failed=$$?; \
		done; \
		exit $$failed

# Both tools stay out of the environment that they look at.
$(AUDIT)/bin/pip-audit: .ci/requirements-audit.txt
	@$(PYTHON) -m venv $(AUDIT)
	@$(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

audit: $(AUDIT)/bin/pip-audit ## Known vulnerabilities of the locked packages; asks the package index.
	@# A package that the index knows no answer for is a failure, too, never taken as free of vulnerabilities.
	@# torch is asked about by itself: beside files with hashes, pip-audit takes none without.
	@failed=0; for files in "$(addprefix --requirement ,$(LOCKS))" "--requirement $(TORCH)"; do \
			$< --strict --disable-pip --no-deps --progress-spinner off $$files || failed=$$?; \
		done; \
		exit $$failed

sbom: $(AUDIT)/bin/pip-audit $(STAMP) ## The installed packages with their licences, as CycloneDX JSON in var/sbom.json.
	@mkdir -p var
	@$(AUDIT)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON \
		--output-file var/sbom.json $(SBOM_PYTHON)

# Files without lines, and messages on one line each: a change of the code alone changes no catalogue.
messages: ## Brings the catalogues in locale/ in step with the texts of pages, code and scripts.
	@.ci/system-packages gettext
	@for domain in django djangojs; do \
		$(BIN)/python manage.py makemessages --locale de --domain $$domain --no-wrap --no-obsolete --add-location file \
			$(addprefix --ignore ,.venv benchmarks build dist docs tests var) --verbosity 0; \
	done
	@sed -i -e "/^\"POT-Creation-Date/d" -e "/^\"Report-Msgid-Bugs-To/d" locale/*/LC_MESSAGES/*.po

# Written aside and moved at the end: a failure half-way leaves the locks as they are.
lock: ## Writes the locks anew from pyproject.toml.
	@rm -rf var/lock && mkdir -p $(addprefix var/lock/,$(dir $(LOCKS)))
	@# Versions stay where they still fit. Their hashes do not: files that were added to a version since are listed, too.
	@for lock in $(LOCKS); do [ ! -f $$lock ] || sed -e '/^ *--hash=/d' -e 's/ \\$$//' $$lock > var/lock/$$lock; done
	@$(PIP_COMPILE) --output-file var/lock/requirements.txt pyproject.toml
	@$(PIP_COMPILE) --extra dev --constraint var/lock/requirements.txt --output-file var/lock/.ci/requirements-dev.txt pyproject.toml
	@# torch is pinned by hand: resolved here, the lock would name one machine's build of it.
	@for lock in $(LOCKS); do \
		sed -i -e '/^# The following packages/,$$d' var/lock/$$lock; \
		mv var/lock/$$lock var/lock/pins.in; \
		$(UV_COMPILE) --output-file var/lock/$$lock var/lock/pins.in >/dev/null; \
	done
	@for lock in $(LOCKS); do mv var/lock/$$lock $$lock; done
	@rm -r var/lock
	@sed -i -e "s/^torch==.*/$$(sed -n 's/.*"\(torch==[0-9.]*\)".*/\1/p' pyproject.toml)/" $(TORCH)
