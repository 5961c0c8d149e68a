.PHONY: help setup demo test check chaos year matrix bench bench-lag sbom vulnerabilities clean
.DEFAULT_GOAL := help
PYTHON ?= python3.11
VENV := .venv/bin

help:
	@echo "make demo    the whole hub on this machine, with a day of the district  (ARGS='--once -o json')"
	@echo "make test    all tests                                                  (ARGS='-k lanes', JOBS=2)"
	@echo "make check   lint, types, import contracts"
	@echo "make chaos   faults against a running hub                               (ARGS='--seeds 3')"
	@echo "make year    a scripted year in accelerated time, half an hour          (ARGS='--days 30')"
	@echo "make matrix  who may do what, as declared and as found from outside        (ARGS='-o json')"
	@echo "make bench-lag who tells the truth about lag, scene by scene             (ARGS='-o json')"
	@echo "make sbom    the parts of the image as CycloneDX, from the lock alone"
	@echo "make vulnerabilities  what is known against the parts; asks osv.dev"
	@echo "make bench   the hub's speed beside its peers', an hour on an idle machine  (ARGS='--quick')"

setup: .venv/ready

.venv/ready: pyproject.toml uv.lock
	@test -x $(VENV)/python || $(PYTHON) -m venv .venv
	@test -x $(VENV)/uv || $(VENV)/python -m pip install --quiet "uv>=0.13" >&2
	@$(VENV)/uv sync --quiet --frozen --all-extras >&2
	@$(VENV)/hub broker --prepare
	@touch $@

demo: setup
	@$(VENV)/hub demo $(ARGS)

test: setup
	@$(VENV)/python -m pytest $(if $(JOBS),--numprocesses=$(JOBS) --dist=loadfile) $(ARGS)

chaos: setup
	@$(VENV)/python -m tests.chaos $(ARGS)

year: setup
	@$(VENV)/python -m tests.year $(ARGS)

matrix: setup
	@$(VENV)/python -m tests.matrix $(ARGS)

bench: setup
	@$(VENV)/python -m tests.bench $(ARGS)

bench-lag: setup
	@$(VENV)/python -m tests.bench_lag $(ARGS)

check: setup
	@$(VENV)/ruff format --check --quiet .
	@$(VENV)/ruff check --quiet .
	@$(VENV)/mypy
	@$(VENV)/mypy tests
	@$(VENV)/lint-imports
	@$(VENV)/hub schemas check

sbom: setup
	@mkdir -p .kurze-wege
	@$(VENV)/uv export --quiet --frozen --preview-features sbom-export --format cyclonedx1.5 \
		--no-default-groups --extra postgres --extra tracing --output-file .kurze-wege/sbom.cdx.json $(ARGS) >&2
	@echo .kurze-wege/sbom.cdx.json

vulnerabilities: setup
	@$(VENV)/uv audit --frozen --preview-features audit $(ARGS)

clean:
	rm -rf .kurze-wege .venv
