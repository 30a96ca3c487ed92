# `make test` is the whole check: it builds, lints, runs every suite and ends with a table.

.PHONY: test lint bench setup help

help:
	@echo 'make test    everything: build, lint, every suite, a table of results'
	@echo 'make lint    format, clippy, docs, shell scripts, licences and advisories of dependencies'
	@echo 'make bench   the benchmarks, beside the programs they are compared with'
	@echo 'make setup   install what the tests need, or say what is missing'

test:
	@scripts/setup
	@scripts/test-suites

lint:
	@scripts/lint

bench:
	@scripts/setup bench
	cargo bench --workspace --bench '*'

setup:
	@scripts/setup
