# Thin on purpose: every target calls tools/aurora.py, which Windows runs directly (py tools\aurora.py run).
# More words for a command go into ARGS:  make run ARGS="--port 9000"
PYTHON ?= python3
ENV ?= dev
AURORA := @"$(PYTHON)" tools/aurora.py

.DEFAULT_GOAL := help
.PHONY: help setup run test check demo bench soak chaos fuzz contract test-aws deploy generate screenshots lock

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

run:  ## start Aurora Time on this machine and print its address
	$(AURORA) run $(ARGS)

demo:  ## sign up, add an event and watch its reminder mail arrive
	$(AURORA) demo $(ARGS)

test:  ## all tests, with the coverage floors
	$(AURORA) test $(ARGS)

check:  ## style, types, layers, budgets, generated files, locks
	$(AURORA) check $(ARGS)

bench:  ## measure speed, with peers beside us
	$(AURORA) bench $(ARGS)

soak:  ## run for minutes under steady load
	$(AURORA) soak $(ARGS)

chaos:  ## kill the server again and again, and count what is lost
	$(AURORA) chaos $(ARGS)

fuzz:  ## many more random rules, texts and requests
	$(AURORA) fuzz $(ARGS)

contract:  ## the storage engines through the same tests: memory, file, DynamoDB
	$(AURORA) contract $(ARGS)

test-aws:  ## all that runs on an emulated AWS, the REST suite on DynamoDB included
	$(AURORA) test-aws $(ARGS)

deploy:  ## a home on AWS: make deploy ENV=dev (what it needs: docs/runbook.md)
	$(AURORA) deploy --env "$(ENV)" $(ARGS)

setup:  ## make .venv ready for development, then stop
	$(AURORA) setup --dev $(ARGS)

generate:  ## write the generated files anew
	$(AURORA) generate $(ARGS)

screenshots:  ## take the pictures of docs/images anew (needs Chromium)
	$(AURORA) screenshots $(ARGS)

lock:  ## pin the dependencies of pyproject.toml anew (needs the registry)
	$(AURORA) lock $(ARGS)
