# Each target prepares what it needs; only git, make and Python 3.11 are taken for granted (see config/bootstrap.py).
PYTHON ?= python3.11
VENV := .venv/bin/python
BOOTSTRAP = $(PYTHON) -I config/bootstrap.py
PYTEST := $(VENV) -m pytest -n 2 --dist loadgroup

# What a shell on this machine is set up for must not reach into the virtual environment.
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONDONTWRITEBYTECODE PYTHONOPTIMIZE VIRTUAL_ENV DJANGO_SETTINGS_MODULE
MAKEFLAGS += --no-print-directory

.PHONY: run test test-fast bench bench-page check format messages pictures gallery golden lock python bootstrap-run bootstrap-test bootstrap-page
.NOTPARALLEL:

run: bootstrap-run ## set up and serve; Ctrl-C ends it
	@$(VENV) -m config.run

test: bootstrap-test ## all tests; then, on PostgreSQL and Redis, those that touch database or broker
	@$(PYTEST)
	@$(VENV) -m tests.stores $(PYTEST) -m "stores and not corpus"

test-fast: bootstrap-test ## on SQLite alone, without the browser, the judges from outside, the corpus and running processes
	@$(PYTEST) -m "not browser and not judges and not corpus and not processes"

bench: bootstrap-test ## measure signing beside plain pyHanko and peers; writes benchmarks/results/signing.json
	@DJANGO_SETTINGS_MODULE=tests.settings $(VENV) -m benchmarks.signing

bench-page: bootstrap-page ## measure the signer's page on a phone, and let Lighthouse judge it; writes benchmarks/results/page.json
	@$(VENV) -m benchmarks.page

check: bootstrap-test ## format, lint, types, import directions, migrations, diagrams
	$(VENV) -m ruff format --check .
	$(VENV) -m ruff check .
	$(VENV) -m mypy
	.venv/bin/lint-imports
	$(VENV) manage.py makemigrations --check --dry-run
	$(VENV) manage.py draw_states --check
	$(VENV) -m config.messages --check

format: bootstrap-test
	$(VENV) -m ruff format .
	$(VENV) -m ruff check --fix .

messages: bootstrap-test ## take the texts into the catalogues of translations, and compile them
	@$(VENV) -m config.messages

pictures: bootstrap-test ## take the README's pictures of a path anew
	@KEEP_PICTURES=1 $(VENV) -m pytest tests/journeys/test_pictures.py

gallery: bootstrap-test ## see every page and state in all widths, themes and languages; keeps docs/gallery
	@rm -rf docs/gallery && KEEP_GALLERY=1 $(VENV) -m pytest -n 2 tests/gallery

golden: bootstrap-test ## make the golden dossier anew, and the pictures of its pages; the difference is for review
	@$(VENV) -m tests.golden --write

# The locks carry digests and no addresses; pyproject.toml says why each package is there.
COMPILE := $(VENV) -m uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet
lock: bootstrap-test
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --group dev --constraints requirements.lock --output-file requirements-dev.lock

bootstrap-run: python
	@$(BOOTSTRAP) run

bootstrap-test: python
	@$(BOOTSTRAP) test

bootstrap-page: python
	@$(BOOTSTRAP) page

python:
	@command -v $(PYTHON) > /dev/null || { echo "paraphe: $(PYTHON) is not on this machine; install Python 3.11" >&2; exit 1; }
