# Each target is one call of bootstrap.py, which also works without make (Windows: py bootstrap.py study).
# Options go in ARGS: make study ARGS="--draws 200 --lang en". Another Python: make study PYTHON=python3.12
#
# The commands say what went wrong in their last line. Make itself only knows 0 (good) and 2 (not good);
# for the exact exit code call bootstrap.py.

PYTHON ?= $(shell command -v python3 || command -v python)
ARGS ?=

.PHONY: study test check lab explore lessons docs setup clean
.NOTPARALLEL:

study:
	@$(PYTHON) bootstrap.py study $(ARGS)

test:
	@$(PYTHON) bootstrap.py test $(ARGS)

check:
	@$(PYTHON) bootstrap.py check $(ARGS)

lab:
	@$(PYTHON) bootstrap.py lab $(ARGS)

explore:
	@$(PYTHON) bootstrap.py explore $(ARGS)

lessons:
	@$(PYTHON) bootstrap.py lessons $(ARGS)

docs:
	@$(PYTHON) bootstrap.py docs $(ARGS)

setup:
	@$(PYTHON) bootstrap.py setup $(ARGS)

clean:
	@$(PYTHON) bootstrap.py clean $(ARGS)
