# Everything here needs Node >= 20.19, git and make; `make` alone lists the targets.
.DEFAULT_GOAL := help
.PHONY: help install build check test pack demo example format clean

step = @printf '\n==> %s\n' "$(1)"

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

node_modules/.package-lock.json: package.json package-lock.json
	$(call step,installing from the lock file)
	npm ci --no-audit --no-fund
	@touch $@

install: node_modules/.package-lock.json ## install from the lock file

build: install ## bundle the commands into dist/
	$(call step,building dist/)
	npm run --silent build

check: install ## lint, format and types
	$(call step,checking format and lint and types)
	npm run --silent check

test: check build ## everything CI runs
	$(call step,running the tests; the end-to-end ones install and start whole projects and take minutes)
	npm run --silent test

pack: build ## pack both packages into dist/packs, or PACK_DIR
	npm run --silent pack

demo: build ## pack, scaffold the user starter, install, start it and call all four patterns
	$(call step,the demo: from the packed tarball to answered calls)
	npm run --silent demo

example: install ## write examples/user-service anew
	npm run --silent example

format: install ## format, and fix what can be fixed
	npm run --silent format

clean: ## remove what the other targets created
	rm -rf dist node_modules coverage test/.tmp
