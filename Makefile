# make run    starts the bot when a token is set, else answers in the terminal
# make test   the whole suite          make check  lint, types, import contracts
# make bench DATA=DIR MEASURE=DIR        make pictures
# make lock   pins every dependency with hashes
# make opensearch | opensearch-stop | test-opensearch    a real three-node cluster, and the suites against it

PYTHON ?= python3
VENV := .venv
PIN := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps

.PHONY: opensearch opensearch-stop test-opensearch
.PHONY: run test check lint types contracts format pictures bench bench-large lock clean

run: $(VENV)/.run
	@$(VENV)/bin/python -m bot --or-chat

# What failed is run once more, alone, before it counts: a busy machine can starve what needs two programs at a time.
ONCE_MORE = { code=$$?; [ $$code -eq 1 ] || exit $$code; echo "!! some failed (see above); those once more, alone:" >&2; }

test: $(VENV)/.dev
	$(VENV)/bin/python -m pytest --cov --cov-report=term -q || \
		{ $(ONCE_MORE); $(VENV)/bin/python -m pytest -q --last-failed; }

check: lint types contracts

lint: $(VENV)/.dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: $(VENV)/.dev
	$(VENV)/bin/mypy

contracts: $(VENV)/.dev
	$(VENV)/bin/lint-imports

format: $(VENV)/.dev
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "On Record needs Python 3.11 or newer: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing: on Debian or Ubuntu, apt install python3-venv" >&2; exit 1; }

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "Setting up On Record in $(VENV) (once) ..." >&2
	@$(PIN) -r requirements/run.txt
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@$(PIN) -r requirements/dev.txt
	@touch $@

# The pictures of docs/ from the bot's own output: what a browser needs comes with playwright.
pictures: $(VENV)/.dev
	$(VENV)/bin/python -m pip install --quiet 'simcord[screenshot]==3.2.1'
	$(VENV)/bin/python -m playwright install chromium
	$(VENV)/bin/python docs/pictures.py

# The small benchmarks, in under five minutes; DATA and MEASURE name the folders that benchmarks/README.md describes.
GIVEN = @test -n "$(DATA)" -a -n "$(MEASURE)" || { \
	echo "make $@ DATA=DIR MEASURE=DIR: benchmarks/README.md says what these folders hold" >&2; exit 2; }

bench: $(VENV)/.dev
	$(GIVEN)
	$(VENV)/bin/python benchmarks/attribution.py --data $(DATA) --measure $(MEASURE)
	$(VENV)/bin/python benchmarks/answers.py --data $(DATA) --measure $(MEASURE)
	$(VENV)/bin/python benchmarks/engines.py --data $(DATA) --paragraphs 10000

bench-large: $(VENV)/.dev
	$(GIVEN)
	$(VENV)/bin/python benchmarks/answers.py --data $(DATA) --measure $(MEASURE) --set quiz
	$(VENV)/bin/python benchmarks/engines.py --data $(DATA) --paragraphs 1000000 --work .bench/engines
	for size in 100000 1000000; do \
		$(VENV)/bin/python -m benchmarks.library --data $(DATA) --paragraphs $$size --home .bench/$$size --reindex 60; \
		$(VENV)/bin/python -m benchmarks.searches --home .bench/$$size; \
	done

# What is asked of the embedded store is asked of the cluster too: answers, people, reindexing, the bot from end to end.
IN_CLUSTER := tests/answer tests/test_people.py tests/test_seeds.py tests/ingest/test_reindex.py tests/bot/test_seeds.py \
	tests/bot/test_corrections.py tests/ingest/test_sharding.py tests/ingest/test_wirecopies.py

# A cluster of three processes on loopback, from Maven Central (needs mvn and a JDK); it stays until it is stopped.
opensearch:
	@$(PYTHON) tests/opensearch/cluster.py start

opensearch-stop:
	@$(PYTHON) tests/opensearch/cluster.py stop

# A test that waits for the cluster without end says where, and ends the run.
BOUNDED := -o faulthandler_timeout=900 -o faulthandler_exit_on_timeout=true

test-opensearch: $(VENV)/.dev opensearch
	export ONRECORD_TEST_OPENSEARCH=$$($(PYTHON) tests/opensearch/cluster.py urls); \
	run() { $(VENV)/bin/python -m pytest -q $(BOUNDED) "$$@" || { $(ONCE_MORE); $(PYTHON) tests/opensearch/cluster.py start && \
		$(VENV)/bin/python -m pytest -q $(BOUNDED) --last-failed "$$@"; }; }; \
	run -m opensearch && \
	export ONRECORD_TEST_ENGINE=opensearch && run $(IN_CLUSTER) && unset ONRECORD_TEST_ENGINE && \
	export ONRECORD_TEST_KILL=1 && run -s -m nodes

lock: $(VENV)/.dev
	$(VENV)/bin/python -m pip install --quiet uv
	$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --group build pyproject.toml -o requirements/run.txt
	$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --group build --group dev pyproject.toml -o requirements/dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
