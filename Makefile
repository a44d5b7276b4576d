# Needs Python 3.11 or newer and make; everything else goes into .venv.
PYTHON ?= python3
BIN := .venv/bin
# One process more than cores, for tests wait for servers, browsers and the disk. Each begins with a
# part of all tests in their order, so that fixtures are made once; whoever is done first takes over.
TESTS := --numprocesses $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 1) + 1)") --dist worksteal

# What is compiled once need not be by each of hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test browser check style types wheel fix pin bench docs client clean

run: .venv/ready        ## load the reference graph, print the sample suggestion, serve
	$(BIN)/verbund demo

test: .venv/ready browser ## run every test
	$(BIN)/pytest $(TESTS)

# tests of pages need Debian's Chromium; root can have it installed, others are told
browser:
	@command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || \
	command -v chromium-browser >/dev/null || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -q && \
	for name in chromium-headless-shell chromium; do \
	DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $$name && break; done; } || \
	echo "no chromium: tests in a browser will be skipped (apt-get install chromium-headless-shell)"

check: .venv/ready      ## what CI runs: style, types, import rules, every test on the built wheel
	$(MAKE) --jobs 2 style types wheel
	.venv-wheel/bin/pytest -q $(TESTS)

style: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/ready      ## one core is enough for it: the wheel is made beside it
	$(BIN)/mypy

wheel: .venv/ready
	$(BIN)/uv venv -q --clear .venv-wheel
	$(BIN)/uv pip install -q --compile-bytecode -p .venv-wheel -c constraints.txt . --group dev

fix: .venv/ready        ## put style right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pin: .venv/ready        ## take newer versions of the dependencies
	$(BIN)/uv pip compile -q --universal --upgrade --no-header --no-annotate --group dev --group bench --all-extras pyproject.toml -o constraints.txt

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q uv
	$(BIN)/uv pip install -q -p .venv -c constraints.txt -e . --group dev
	touch $@

client: .venv/ready     ## make the Python client anew from the OpenAPI document
	$(BIN)/python -m api.client_source
	$(BIN)/ruff check -q --fix verbund_client
	$(BIN)/ruff format -q verbund_client

docs: .venv/ready       ## draw the model and write a page of all terms to dist/docs
	$(BIN)/python docs/generate.py diagram > docs/diagram.md
	$(BIN)/python docs/generate.py terms dist/docs

clean:
	rm -rf .venv .venv-wheel dist

bench: .venv/ready      ## print the benchmarks of the engine, beside greedy and beside trying all
	$(BIN)/uv pip install -q -p .venv -c constraints.txt --group bench
	$(BIN)/verbund load
	$(BIN)/python -m benchmarks.consortium --sizes 350 5000 --enquiries 10
	$(BIN)/python -m benchmarks.consortium_correctness
	$(BIN)/python -m benchmarks.publishing
