# battc: `make demo` shows what it does, `make check` tests it.
#
#   make            build/battc, build/libbattc-*.a      make V=1 shows whole commands
#   make demo       install what is missing, build, run an example and show its grids
#   make check      all tests; QUICK=1 leaves the long ones out
#   make asan       all tests under AddressSanitizer and UBSan, in build/asan
#   make fuzz       CPython beside battc on random programs, SECONDS=600 SEED=1; make fuzz-readers: hostile files
#   make bench      CPython beside battc, BENCH="--tasks 40" for a quick look; more: docs/benchmarks.md
#   make gpu        build/battc.fatbin, the device's code for all architectures, by nvcc; GPU_ARCHS="75 90", GPU_REGISTERS=96
#   make install    PREFIX=/usr/local, DESTDIR=
#
# Everything that is built lies in $(BUILD). CC=clang works as well as gcc.
ifeq ($(origin CC),default)
CC = gcc
endif
BUILD ?= build
PREFIX ?= /usr/local
OPT ?= -O2
CFLAGS ?= -g
PYTHON ?= python3

WARN = -Wall -Wextra -Werror
SAN_FLAGS = $(if $(SANITIZE),-DBATTC_DEBUG -fsanitize=address$(,)undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
, := ,
ALL_CFLAGS = -std=c11 $(OPT) $(CFLAGS) $(SAN_FLAGS) $(WARN) -D_GNU_SOURCE -Iruntime -Icompiler -MMD -MP
SHARED_CFLAGS = -fPIC -fno-semantic-interposition
LINK = $(CC) $(CFLAGS) $(SAN_FLAGS) $(LDFLAGS)
LDLIBS = -ltree-sitter -lcjson -lm -lpthread -ldl
CHECK_LIBS = $(shell pkg-config --libs check 2>/dev/null || echo -lcheck)
TS_DIR = node_modules/tree-sitter-python/src

ifeq ($(V),1)
say =
quiet =
else
say = @printf '  %-4s %s\n'
quiet = @
endif
# $(call step,WORD,NAME): the line that a quiet build prints
step = $(if $(say),$(say) $(1) $(2))

RUNTIME_SRC = $(sort $(wildcard runtime/*.c runtime/kernels/*.c runtime/cuda/*.c runtime/host/*.c))
PYTHON_SRC = $(sort $(wildcard runtime/python/*.c))
COMPILER_SRC = $(sort $(wildcard compiler/*.c))
UNIT_SRC = $(sort $(wildcard tests/unit/*.c))
RUNTIME_OBJ = $(RUNTIME_SRC:%.c=$(BUILD)/%.o)
PYTHON_OBJ = $(PYTHON_SRC:%.c=$(BUILD)/%.o)
COMPILER_OBJ = $(COMPILER_SRC:%.c=$(BUILD)/%.o)
UNIT_OBJ = $(UNIT_SRC:%.c=$(BUILD)/%.o)
TS_OBJ = $(BUILD)/tree-sitter/parser.o $(BUILD)/tree-sitter/scanner.o
RUNTIME_LIB = $(BUILD)/libbattc-runtime.a
PYTHON_LIB = $(BUILD)/libbattc-python.a
COMPILER_LIB = $(BUILD)/libbattc-compiler.a
UNIT_PROGRAMS = $(UNIT_SRC:tests/unit/%.c=$(BUILD)/unit/%)

all: $(BUILD)/battc $(PYTHON_LIB)

# All of the runtime, its names visible: compiled DSL libraries call it, and are made for one build id.
$(BUILD)/battc: $(BUILD)/compiler/main.o $(COMPILER_LIB) $(RUNTIME_LIB)
	$(call step,LD,$@)
	$(quiet)$(LINK) -rdynamic -Wl,--build-id -o $@ $(BUILD)/compiler/main.o $(COMPILER_LIB) \
	  -Wl,--whole-archive $(RUNTIME_LIB) -Wl,--no-whole-archive $(LDLIBS)

$(RUNTIME_LIB): $(RUNTIME_OBJ)
$(PYTHON_LIB): $(PYTHON_OBJ)
$(COMPILER_LIB): $(filter-out $(BUILD)/compiler/main.o,$(COMPILER_OBJ)) $(TS_OBJ)
$(RUNTIME_LIB) $(PYTHON_LIB) $(COMPILER_LIB):
	$(call step,AR,$@)
	$(quiet)rm -f $@ && ar rcs $@ $^

# Both may become part of a shared object.
$(RUNTIME_OBJ) $(PYTHON_OBJ): private ALL_CFLAGS += $(SHARED_CFLAGS)

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call step,CC,$<)
	$(quiet)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/tree-sitter/%.o: $(TS_DIR)/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call step,CC,$<)
	$(quiet)$(CC) -std=c11 -O2 $(CFLAGS) -w -I$(TS_DIR) -c -o $@ $<

# Files that take others in as bytes (.incbin), which the compiler's -MMD does not see.
EMBEDDING = $(shell grep -l '\.incbin' $(COMPILER_SRC) $(RUNTIME_SRC) $(PYTHON_SRC))
$(EMBEDDING:%.c=$(BUILD)/%.o): runtime/prelude.py runtime/python/module.py $(wildcard templates/*)

# Written anew when the compiler or its flags change, and everything is built again then.
FLAGS_LINE = $(CC) $(ALL_CFLAGS) $(SHARED_CFLAGS) $(LDFLAGS)
$(BUILD)/flags: force
	@mkdir -p $(@D)
	@printf '%s\n' '$(FLAGS_LINE)' | cmp -s - $@ || printf '%s\n' '$(FLAGS_LINE)' >$@

$(TS_DIR)/parser.c $(TS_DIR)/scanner.c &: package-lock.json
	@command -v npm >/dev/null || { echo "npm is needed for the Python grammar: run 'make deps'" >&2; exit 1; }
	$(call step,NPM,tree-sitter-python)
	$(quiet)npm ci --ignore-scripts --omit=optional --omit=peer --no-audit --no-fund --loglevel=error
	@touch $(TS_DIR)/parser.c $(TS_DIR)/scanner.c

# ---- the device's code: docs/gpu.md ----

NVCC ?= $(firstword $(shell command -v nvcc 2>/dev/null) $(wildcard /usr/local/cuda/bin/nvcc))
GPU_ARCHS ?= 75 80 86 89 90
GPU_PTX ?= $(firstword $(GPU_ARCHS))
# Of a lane: with 64 of them a multiprocessor has room for 32 warps.
GPU_REGISTERS ?= 64
# Signs of constants that are added to unsigned numbers are what -Wall of gcc lets pass, too.
# What the host's half says of files that are meant as C is said by the compilers of make all.
NVCC_FLAGS = -std=c++17 -O3 -Iruntime -Werror all-warnings -diag-suppress 68 -Xcompiler -w $(GPU_REGISTERS:%=-maxrregcount=%)
GPU_CODE = $(foreach arch,$(GPU_ARCHS),-gencode arch=compute_$(arch),code=sm_$(arch))
# Parts have PTX beside it, which the linker compiles for architectures that come later.
GPU_PARTS = $(GPU_CODE) -gencode arch=compute_$(GPU_PTX),code=compute_$(GPU_PTX)
GPU_SRC = $(sort $(wildcard runtime/*.c runtime/kernels/*.c runtime/cuda/*.c)) runtime/cuda/kernel.cu
GPU_OBJ = $(patsubst %,$(BUILD)/gpu/%.o,$(basename $(GPU_SRC)))
GPU_LIB = $(BUILD)/libbattc-cuda.a

$(BUILD)/gpu/flags: force
	@mkdir -p $(@D)
	@printf '%s\n' '$(NVCC) $(NVCC_FLAGS) $(GPU_PARTS)' | cmp -s - $@ || printf '%s\n' '$(NVCC) $(NVCC_FLAGS) $(GPU_PARTS)' >$@

define gpu_object
$(BUILD)/gpu/$(basename $(1)).o: $(1) $(BUILD)/gpu/flags
	@mkdir -p $$(@D)
	$$(call step,NVCC,$(1))
	$$(quiet)$$(NVCC) -x cu $$(NVCC_FLAGS) $$(GPU_PARTS) -MMD -MF $$@.d -MT $$@ -dc -o $$@ $(1)
endef
$(foreach source,$(GPU_SRC),$(eval $(call gpu_object,$(source))))

# What emitted .cu files are linked with: all but the kernel that runs bytecode alone.
$(GPU_LIB): $(filter-out %/cuda/kernel.o,$(GPU_OBJ))
	$(call step,AR,$@)
	$(quiet)rm -f $@ && ar rcs $@ $^

$(BUILD)/battc.fatbin: $(GPU_OBJ)
	$(call step,LINK,$@)
	$(quiet)$(NVCC) $(GPU_CODE) -dlink -fatbin -Xnvlink -suppress-stack-size-warning -o $@ $(GPU_OBJ)

gpu:
	@if [ -z "$(NVCC)" ]; then echo "skipped: nvcc is not here, so battc runs on the CPU only"; else \
	  $(MAKE) --no-print-directory $(BUILD)/battc.fatbin $(GPU_LIB); fi

# ---- tests ----

$(BUILD)/unit/%: $(BUILD)/tests/unit/%.o $(COMPILER_LIB) $(RUNTIME_LIB)
	@mkdir -p $(@D)
	$(call step,LD,$@)
	$(quiet)$(LINK) -o $@ $^ $(CHECK_LIBS) $(LDLIBS)

.SECONDARY: $(UNIT_OBJ) $(READERS:%=$(BUILD)/tests/fuzz/%.o)

unit: $(UNIT_PROGRAMS)

check: all unit
	$(PYTHON) tests/run.py --build $(BUILD) $(if $(QUICK),--quick) $(TESTS)

asan:
	$(MAKE) BUILD=build/asan SANITIZE=1 OPT=-O1 check

# ---- fuzzing: docs/fuzzing.md ----

SECONDS ?= 600
SEED ?= 1
READERS = read_python read_data read_bto

fuzz: all unit
	BATTC=$(abspath $(BUILD)/battc) $(PYTHON) tests/fuzz/fuzz.py --driver $(BUILD)/unit/container_driver \
	  --seconds $(SECONDS) --seed $(SEED) $(FUZZ)

# libFuzzer's own part is linked to the targets alone.
$(BUILD)/fuzz/%: $(BUILD)/tests/fuzz/%.o $(COMPILER_LIB) $(RUNTIME_LIB)
	@mkdir -p $(@D)
	$(call step,LD,$@)
	$(quiet)$(LINK) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)

fuzz-readers: all
	@if ! printf 'int LLVMFuzzerTestOneInput(void) { return 0; }' | \
	  clang -fsanitize=fuzzer,address -x c -o /dev/null - 2>/dev/null; then \
	  echo "skipped: clang with libFuzzer is not here (Debian: clang libclang-rt-14-dev)"; else \
	  $(MAKE) CC=clang BUILD=build/fuzz SANITIZE=1 OPT=-O1 CFLAGS="-g -fsanitize=fuzzer-no-link" $(READERS:%=build/fuzz/fuzz/%) && \
	  $(PYTHON) tests/fuzz/readers.py --battc $(BUILD)/battc --targets build/fuzz/fuzz --seconds $(SECONDS) --seed $(SEED) $(FUZZ); fi

# ---- the rest ----

deps:
	@.ci/deps

demo: deps
	@$(MAKE) --no-print-directory all
	@examples/demo $(BUILD)/battc $(BUILD)/demo

bench: all
	$(PYTHON) bench/bench.py --battc $(BUILD)/battc --json $(BUILD)/bench.json $(BENCH)

bench-figures: all
	$(PYTHON) bench/figures.py --battc $(BUILD)/battc $(FIGURES) $(BENCH)

# OLD=, NEW=: files that --json of the benchmark wrote
bench-compare:
	$(PYTHON) bench/compare.py $(or $(OLD),$(error OLD=FILE.json is missing)) $(or $(NEW),$(BUILD)/bench.json)

install: all
	$(call step,INST,$(DESTDIR)$(PREFIX))
	$(quiet)install -D -m 755 $(BUILD)/battc $(DESTDIR)$(PREFIX)/bin/battc
	$(quiet)for f in $(RUNTIME_LIB) $(PYTHON_LIB); do \
	  install -D -m 644 $$f $(DESTDIR)$(PREFIX)/lib/battc/$$(basename $$f) || exit 1; done
	$(quiet)for f in $(wildcard $(BUILD)/battc.fatbin $(GPU_LIB)); do \
	  install -D -m 644 $$f $(DESTDIR)$(PREFIX)/lib/battc/$$(basename $$f) || exit 1; done
	$(quiet)for f in $$(find runtime -name '*.h'); do \
	  install -D -m 644 $$f $(DESTDIR)$(PREFIX)/include/battc/$${f#runtime/} || exit 1; done
	$(quiet)for f in $$(find dsl -name '*.py'); do \
	  install -D -m 644 $$f $(DESTDIR)$(PREFIX)/share/battc/$$f || exit 1; done

clean:
	rm -rf $(BUILD)

.PHONY: all gpu unit check asan fuzz fuzz-readers deps demo bench bench-figures bench-compare install clean force
-include $(RUNTIME_OBJ:.o=.d) $(PYTHON_OBJ:.o=.d) $(COMPILER_OBJ:.o=.d) $(UNIT_OBJ:.o=.d) $(READERS:%=$(BUILD)/tests/fuzz/%.d) $(GPU_OBJ:=.d)
