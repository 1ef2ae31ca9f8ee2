# Two commands do everything: `make run` and `make test`.
# Installing is a step of its own so that a second run installs nothing and says nothing.

SWIFT   ?= swift
OUT     ?= out
SCENARIO ?= baseline
JOBS    ?= 2
RUNS    ?= 1000000
MUTANTS ?= 100000
PREFIX  ?= /usr/local
BINARY  := .build/release/talentcast

.PHONY: help run test build install install-to notebooks bench faults fuzz sanitize coverage docs clean format lint

help:            ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 14

install:         ## install what is missing (Debian packages)
	@Tools/install

build: install   ## release build
	@$(SWIFT) build -c release --product talentcast

install-to: build ## put program, data and models into PREFIX (/usr/local), to be used away from here
	@Tools/install-to $(PREFIX)

run: build       ## build, then forecast on the bundled data: tables, maps, report
	@$(BINARY) run $(SCENARIO) --out $(OUT)

test: install    ## every test
	@$(SWIFT) build --build-tests
	@$(SWIFT) test --skip-build

notebooks: build ## run the Markdown notebooks and compare their output
	@Tools/check-notebooks

bench: build     ## our speed beside our peers', in one run, as ratios
	@Benchmarks/run.sh
	@Tools/check-cost --table

faults: build    ## kill runs at 200 random moments, links, mounts, locks, full disks and channels: nothing may be lost
	@Tools/check-faults 200

fuzz: install    ## a million broken inputs for every reader, a hundred thousand for the whole line (RUNS, MUTANTS): none may crash
	@Tools/fuzz $(RUNS)
	@Tools/fuzz-line $(MUTANTS)

sanitize: install ## every test under the address and the thread sanitizer (about half an hour on two cores)
	@Tools/sanitize

coverage: install ## share of our lines that the tests run, by module
	@Tools/coverage

docs: install    ## reference of the public libraries in docs/reference (DocC)
	@Tools/docs

format:          ## format our own code
	@$(SWIFT) format -i -r Package.swift Sources Tests Benchmarks/Sources

lint:            ## say where formatting differs
	@$(SWIFT) format lint -s -r Package.swift Sources Tests Benchmarks/Sources

clean:           ## remove what building made
	rm -rf .build .build-* out
