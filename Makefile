# SPDX-License-Identifier: Apache-2.0
#
# Short names for what CMake does.  B is the build folder, J the number of jobs.
B ?= build/release
J ?= $(shell nproc 2>/dev/null || echo 2)
CMAKE_ARGS ?=

.PHONY: all deps build check demo lint format asan msan fuzz cover bench install clean

all: build

deps:
	@tools/deps

$(B)/build.ninja: | deps
	@mkdir -p $(B)
	@cmake -S . -B $(B) -G Ninja $(CMAKE_ARGS) > $(B).log 2>&1 || { cat $(B).log; exit 1; }

build: $(B)/build.ninja
	@cmake --build $(B) -j $(J) --target all

check: build
	@tests/run $(B)

demo: build
	@demo/run $(B)/brine

lint:
	@tools/lint

format:
	@tools/format

asan:
	@tools/sanitize asan
msan:
	@tools/sanitize msan
fuzz:
	@tools/fuzz

cover:
	@tools/cover

bench: build
	@bench/run $(B)

install: build
	@cmake --install $(B)

clean:
	rm -rf build
