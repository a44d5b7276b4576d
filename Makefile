# Needs Python 3.11 or newer and make; everything else goes into .venv.
PYTHON ?= python3
BIN := .venv/bin
# a file of tests at a time on each core: fixtures of a file are made once
TESTS := --numprocesses auto --dist loadfile

.PHONY: run test browser check fix pin bench docs client clean

run: .venv/ready        ## load the reference graph, print the sample suggestion, serve
	$(BIN)/verbund demo

test: .venv/ready browser ## run every test
	$(BIN)/pytest $(TESTS)

# tests of pages need Debian's Chromium; root can have it installed, others are told
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends chromium; } || \
	echo "no chromium: tests in a browser will be skipped (apt-get install chromium)"

check: .venv/ready      ## what CI runs: style, types, import rules, every test on the built wheel
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/uv venv -q --clear .venv-wheel
	$(BIN)/uv pip install -q -p .venv-wheel -c constraints.txt . --group dev
	.venv-wheel/bin/pytest -q $(TESTS)

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
