# One word builds, one word tests, here and in CI.
.DEFAULT_GOAL := help
SHELL := bash
CONFIGURATION ?= Release
export DOTNET_CLI_TELEMETRY_OPTOUT = 1
export DOTNET_NOLOGO = 1

.PHONY: help build test simulate demo demo-cluster bench bench-peers faults power-loss postgres-18 two-builds aot fmt ci restore clean

help: ## What can be made
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

restore:
	@eng/restore.sh

build: restore ## Build everything; leaves the executable at artifacts/bin/errand
	dotnet build Errand.slnx -c $(CONFIGURATION) --no-restore -v q
	@eng/publish.sh $(CONFIGURATION) artifacts/bin

test: build ## Run the whole test suite (under ten minutes on two cores)
	@eng/test.sh

simulate: build ## Tell 1,000,000 stories of failing nodes, stores and clocks, from where the last run ended (hours; fewer with SEEDS=10000)
	@eng/simulate.sh $(SEEDS)

demo: build ## Watch a real table become a job; your own with INPUT=my.csv
	@eng/demo.sh $(INPUT)

demo-cluster: build ## PostgreSQL and three nodes on this machine; one is killed, nothing is lost
	@eng/demo-cluster.sh

bench: build ## Measure it beside raw SQLite and bare Kestrel (minutes)
	@eng/bench.sh

bench-peers: build ## Measure it beside Hangfire, Quartz.NET, Wolverine, graphile-worker, pg-boss and BullMQ (up to an hour; FORM=short: eight minutes)
	@eng/bench-peers.sh $(FORM)

faults: build ## Break a cell of three PostgreSQL servers in every way, twenty failovers among them (minutes; root)
	@eng/faults.sh

power-loss: build ## Cut the power under load, on SQLite and PostgreSQL, twenty times each (minutes; root)
	@eng/power-loss.sh

postgres-18: build ## The PostgreSQL store's tests on version 18, from npm (minutes)
	@eng/postgres-18.sh

two-builds: build ## The release before the newest migration beside this one, on one schema (minutes)
	@eng/two-builds.sh

aot: restore ## Publish a native executable to artifacts/aot/errand, and a native sample, and try both (minutes; needs gcc or clang)
	@eng/aot.sh
	@eng/aot-sample.sh

fmt: ## Format the code
	dotnet format Errand.slnx --no-restore

ci: ## What CI runs: format check, build, the long tests, packages, OpenAPI lint, demo
	@eng/ci.sh

clean: ## Remove what was built
	rm -rf artifacts && find src tests bench samples -name bin -o -name obj | xargs rm -rf
