# The commands of this project. `make run` and `make test` need nothing but Python 3.11 or newer.
#
# Everything is installed into .venv/, from uv.lock and checked against its hashes. Packages come from the index
# that pip or uv is set up to use on this machine, over TLS that this machine trusts.

UV_VERSION := 0.13.9
PY := .venv/bin/python
SOURCES := amps_api content_app tests manage.py
# Settings of a deployment must not colour the tests.
PLAIN := env $(addprefix -u ,ACCESS_LOG ALLOWED_HOSTS CACHE_URL DATABASE_URL DEBUG EMAIL_FROM EMAIL_URL HOST HTTPS \
	LAYERS LICENSED_CODE_SYSTEMS LIMIT_ANONYMOUS LIMIT_KEYED LOG_FORMAT METRICS_TOKEN PORT PROCESSES PUBLIC_URL READ_PLANE THREADS \
	SECOND_FACTOR_REQUIRED SECRET_KEY SECRET_KEY_FALLBACKS SHUTDOWN_DELAY SIGNING_KEY SIGNING_KEYS_RETIRED \
	TRUSTED_PROXIES VAR_DIR WEBHOOKS_ALLOW_INSECURE WEBHOOKS_LOG_DAYS)
PYTEST := $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder
ARGS :=

unexport VIRTUAL_ENV
export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS := true

.PHONY: help run test test-thorough test-scale test-matrix accept bench bench-large lint format sbom clean
.DELETE_ON_ERROR:

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile

run: .venv/runtime ## install, fill an empty library, serve on http://127.0.0.1:8000 (PORT, HOST, DATABASE_URL)
	@exec $(PY) manage.py serve

test: .venv/complete ## run the tests on SQLite, and what depends on the database on PostgreSQL (ARGS="tests/…" for some)
	@$(PLAIN) $(PY) -m tests.suite $(ARGS)

test-thorough: .venv/complete ## try more: every bad input, many made-up requests, and every test on PostgreSQL
	@$(PLAIN) $(PY) -m tests.suite --thorough $(ARGS)

test-scale: .venv/complete ## start a primary, a standby, Redis, two servers and nginx, and run what only they can show
	@$(PLAIN) SCALE=1 $(PY) -m pytest -m scale tests $(ARGS)

test-matrix: .venv/complete ## install the package beside each Python and Django that is here, and try it (ARGS="3.13 6.0")
	@$(PLAIN) $(PY) -m tests.matrix $(ARGS)

accept: .venv/complete ## run the tests and take what they now produce as the new golden files
	$(PLAIN) ACCEPT=1 $(PYTEST) $(ARGS)

bench: .venv/runtime ## measure what reads cost beside the same bytes from a bare WSGI application (three minutes)
	@$(PLAIN) $(PY) -m bench.reads

bench-large: .venv/complete ## measure what grows from a thousand to a hundred thousand documents (half an hour, 5 GB)
	@PY=$(PY) bench/large

lint: .venv/complete ## check style, import directions and types
	.venv/bin/ruff check $(SOURCES)
	.venv/bin/ruff format --check $(SOURCES)
	.venv/bin/lint-imports
	.venv/bin/mypy $$($(PY) -m tests.pure_modules)

format: .venv/complete ## lay the code out as `make lint` wants it
	.venv/bin/ruff check --fix $(SOURCES)
	.venv/bin/ruff format $(SOURCES)

sbom: .venv/runtime ## list every package of the server in sbom.cdx.json (CycloneDX, with hashes), and its licence in licences.md
	@.venv/bin/uv export --quiet --frozen --no-default-groups --extra mcp --no-emit-project --format cyclonedx1.5 --output-file sbom.cdx.json
	@$(PY) deploy/licences.py sbom.cdx.json > licences.md

clean: ## remove the environment and every cache; the database in var/ stays
	rm -rf .venv .prepared_library .pytest_cache .hypothesis .ruff_cache .mypy_cache .import_linter_cache .schemathesis
	find $(SOURCES) -name __pycache__ -prune -exec rm -rf {} +

# The environment. Each step leaves a file that says it is done; `uv pip install` adds and never takes away, so that
# what the tests need stays when only the runtime is brought up to date.

.venv/runtime: .venv/uv-$(UV_VERSION) uv.lock
	@$(call install,--no-default-groups --extra mcp)

.venv/complete: .venv/uv-$(UV_VERSION) uv.lock
	@$(call install,--all-groups --extra mcp)
	@touch .venv/runtime

# $(call install,groups): what uv.lock lists for these groups, from this machine's own index, if it has one.
define install
echo "Installing what uv.lock lists …" && \
.venv/bin/uv export --quiet --frozen --no-emit-project $(1) --output-file $@.txt && \
index="$${UV_DEFAULT_INDEX:-$${UV_INDEX_URL:-$${PIP_INDEX_URL:-$$($(PY) -m pip config get global.index-url 2>/dev/null)}}}" ; \
UV_DEFAULT_INDEX="$$index" .venv/bin/uv pip install --quiet --python $(PY) --require-hashes -r $@.txt && touch $@
endef

# A fresh pip may know only its own certificates: point it to the machine's, unless the user has said otherwise.
CA_BUNDLE := $(firstword $(REQUESTS_CA_BUNDLE) $(SSL_CERT_FILE) \
	$(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem))

.venv/uv-$(UV_VERSION): $(PY)
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null
	@$(if $(CA_BUNDLE),REQUESTS_CA_BUNDLE="$(CA_BUNDLE)") $(PY) -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

# Some names on the PATH are only stand-ins, so each is asked for its version. PYTHON names one that lies elsewhere.
define find_python
old= ; bare= ; \
for name in $${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do \
	version=$$("$$name" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) || continue ; \
	if ! "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then old="$$old $$name is $$version;" ; \
	elif ! "$$name" -c 'import ensurepip, venv' 2>/dev/null; then bare="$${bare:-$$name ($$version)}" ; \
	else echo "Making .venv with $$name ($$version) …" ; exec "$$name" -m venv --clear .venv ; fi ; \
done ; \
if [ -n "$$bare" ]; then \
	echo "$$bare cannot make virtual environments: install its venv module (Debian, Ubuntu: apt install python3-venv)" \
		"and run make again." ; \
else \
	echo "Python 3.11 or newer is needed, and none was found ($${old:-no Python at all;} looked for" \
		"$${PYTHON:-python3, python3.13, python3.12, python3.11, python}): install one (Debian, Ubuntu:" \
		"apt install python3 python3-venv), or name one with PYTHON=/where/it/is make run." ; \
fi >&2 ; \
exit 1
endef

$(PY):
	@$(find_python)
