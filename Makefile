# Two commands: `make demo` checks an example draft, `make test` passes the tests. Both make their own environment.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOLS := .venv-tools
MUTANTS := .venv-mutation

.PHONY: demo serve test chromium libreoffice lint types tests coverage train reproduce lock wheel audit sbom bench peers growth load corpus fuzz fuzz-readers mutated mutation examples clean

demo: $(VENV)/.runtime
	$(BIN)/scr-tone check examples/draft_review_child_m.docx

# The page, the REST service and the editors' protocol, on this machine only.
serve: $(VENV)/.api
	$(BIN)/scr-tone serve

test: lint types tests

# The environment with what the product needs, pinned by hash.
$(VENV)/.runtime: lock/runtime.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else "scr-tone needs Python 3.11, 3.12 or 3.13; this is %d.%d. Name another with: make PYTHON=python3.12 ..." % v)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r lock/runtime.txt
	$(BIN)/python -m pip install --quiet --no-deps -e .
	@touch $@

# What the service needs on top.
$(VENV)/.api: lock/api.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --require-hashes -r lock/api.txt
	@touch $@

# What the tests need on top.
$(VENV)/.dev: lock/dev.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --require-hashes -r lock/dev.txt
	@touch $@

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

# The page is tested in Debian's Chromium; where it is not there and cannot be installed, those tests say so and are skipped.
chromium:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  { apt-get update -qq; apt-get install -y -qq --no-install-recommends chromium >/dev/null; }; } || true

# LibreOffice Writer underlines what the service finds, and keeps our comments. A command of its own, as the installation
# takes minutes.
libreoffice: $(VENV)/.dev
	@{ command -v soffice && /usr/bin/python3 -c 'import uno'; } >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  { apt-get update -qq; apt-get install -y -qq --no-install-recommends libreoffice-writer python3-uno >/dev/null; }; } || true
	$(BIN)/python -m pytest -rs --run-libreoffice tests/api/test_libreoffice.py tests/annotate/test_libreoffice.py

tests: $(VENV)/.dev chromium
	$(BIN)/python -m pytest -n 2 --dist loadfile

# The same, and which lines no test has run; a quarter slower.
coverage: $(VENV)/.dev chromium
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 --dist loadfile
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# From data/ to models/, the digest noted in the package. Commit what changes.
train: $(VENV)/.runtime
	$(BIN)/scr-tone train --data data --output models/small --pin

# The same training again, compared byte by byte with what is shipped.
reproduce: $(VENV)/.dev
	$(BIN)/python -m pytest -q tests/test_reproducible.py --run-slow

bench: $(VENV)/.dev
	$(BIN)/python -m tests.benchmarks.splitting
	$(BIN)/python -m tests.benchmarks.speed
	$(BIN)/python -m tests.benchmarks.faithfulness
	$(BIN)/python -m tests.benchmarks.pointing
	$(BIN)/python -m tests.benchmarks.doubt

# What the peers need, in an environment of its own: PyTorch's CPU build is enough, and pip takes it where it finds one.
.venv-peers/.peers: lock/peers.txt
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet -r lock/peers.txt
	@touch $@

# The models that ship beside what else one could use, then a draft that is checked again; ten minutes. The first time the peers
# are trained before, another ten.
peers: $(VENV)/.dev .venv-peers/.peers
	$(BIN)/python -m tests.benchmarks.peers
	$(BIN)/python -m tests.benchmarks.drafts
	$(BIN)/python scripts/write_readme.py

# Time and memory against the length of a document and the size of a corpus; five minutes.
growth: $(VENV)/.dev
	$(BIN)/python -m tests.benchmarks.growth

# The service under load, eleven minutes; wrk is one of Debian's packages.
load: $(VENV)/.dev
	@command -v wrk >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  { apt-get update -qq; apt-get install -y -qq --no-install-recommends wrk >/dev/null; }; } || true
	$(BIN)/python -m tests.benchmarks.load
	$(BIN)/python -m tests.benchmarks.load --soak 300

# 300 fictional documents by one worker and two, killed and resumed, and on a Dask cluster; a quarter of an hour.
corpus: $(VENV)/.dev
	$(BIN)/python -m tests.benchmarks.corpus

# Hypothesis over the public interface, a hundred times as long as in the tests, with other examples each time.
fuzz: $(VENV)/.dev
	$(BIN)/python -m pytest -q --timeout=0 --hypothesis-profile=long tests/robustness/test_properties.py

# What the fuzzer needs on top.
$(VENV)/.fuzz: lock/fuzz.txt $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --require-hashes -r lock/fuzz.txt
	@touch $@

# Atheris on the readers; what it finds is kept in tests/fuzz/regressions, and read by the tests from then on.
SECONDS ?= 3600
fuzz-readers: $(VENV)/.fuzz
	$(BIN)/python -m tests.fuzz.readers --seconds $(SECONDS)

# 2,000 damaged and hostile DOCX and PDF; half an hour.
mutated: $(VENV)/.dev
	$(BIN)/python -m tests.fuzz.mutated --count 2000 --seed 1 --write

# Small changes to core modules, each of which some test should notice; five minutes. What survives is printed.
$(MUTANTS)/.done: lock/mutation.txt
	$(PYTHON) -m venv $(MUTANTS)
	$(MUTANTS)/bin/python -m pip install --quiet --require-hashes -r lock/mutation.txt
	@touch $@

mutation: $(MUTANTS)/.done $(VENV)/.dev
	$(MUTANTS)/bin/python -m tests.benchmarks.mutation --python $(BIN)/python

examples: $(VENV)/.dev
	$(BIN)/python examples/build.py

# Programs that look at the project from outside, in an environment of their own.
$(TOOLS)/.done: lock/tools.txt
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --require-hashes -r lock/tools.txt
	@touch $@

# The same bytes wherever and whenever it is built: a locked backend, and the time that it takes for every file anyway.
wheel: $(TOOLS)/.done
	SOURCE_DATE_EPOCH=1580601600 $(TOOLS)/bin/python -m build --wheel --no-isolation --outdir dist
	@sha256sum dist/*.whl

# Needs the network, to ask a vulnerability service; without an answer it ends with 3 and says so, never with 0.
audit: $(TOOLS)/.done
	$(TOOLS)/bin/python scripts/audit.py lock/runtime.txt lock/api.txt --also lock/dev.txt --also lock/tools.txt

# What the product with its service consists of, as CycloneDX, from the lock and the models. Commit what changes.
sbom: $(TOOLS)/.done $(VENV)/.api
	$(TOOLS)/bin/python scripts/write_sbom.py $(BIN)/python

lock: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-header --python-version 3.11 -q -o lock/runtime.txt
	$(BIN)/uv pip compile pyproject.toml --extra api --universal --generate-hashes --no-header --python-version 3.11 -q -o lock/api.txt
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-header --python-version 3.11 -q -o lock/dev.txt
	$(BIN)/uv pip compile pyproject.toml --extra fuzz --universal --generate-hashes --no-header --python-version 3.11 -q -o lock/fuzz.txt
	for group in tools mutation; do $(BIN)/uv pip compile --group $$group --universal --generate-hashes --no-header --python-version 3.11 -q -o lock/$$group.txt; done

clean:
	rm -rf $(VENV) $(TOOLS) $(MUTANTS) .venv-peers dist build .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis
