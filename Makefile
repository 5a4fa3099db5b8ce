# The commands of this project. `make run` and `make test` install what they need; the other targets say what they miss.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
scripts := infra/scripts

.PHONY: help run test check fmt test-engines bench chaos schema codegen

help: ## Lists the commands.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

run: ## Builds and starts everything, with two demo tenants; prints the addresses and the sign-in.
	@$(scripts)/run.sh

test: ## Builds everything and passes every test.
	@$(scripts)/test.sh

check: ## Format, lint and the unit tests of what changed (at most three minutes).
	@$(scripts)/check.sh

fmt: ## Formats Rust and TypeScript.
	@$(scripts)/format-rust.sh
	@cd frontend && npx biome check --write .

test-engines: ## The code runner's tests and memory on V8 and on QuickJS.
	@$(scripts)/test-engines.sh

bench: ## The benchmarks P1, P2, P3, P4, P5, P9 and P-items, with the targets beside the figures.
	@$(scripts)/bench.sh

chaos: ## The fault suite: F1, F2, F3, F10, F17.
	@$(scripts)/chaos.sh

schema: ## Writes graphql/schema.graphql from the code, and the web app's documents from it.
	@WEFT_UPDATE_SDL=1 cargo test -q --locked -p weft-graphql sdl
	@cd frontend && npm run --silent codegen

codegen: schema
