/* why_draw.c - values for people: grids and sets of cells as pictures, the rest as Python writes it. */
#include "why.h"

#include "object.h"
#include "verify.h"

#include "../runtime/host/result.h"

#include <string.h>

enum { MOST_TEXT = 400, MOST_SIDE = 60, MOST_PARTS = 6, COLOURS = 10, EMPTY = -2, MARKED = -3 };

/* As examples/show.py paints them: numbers of the terminal's 256 colours. */
static const uint8_t PALETTE[COLOURS] = {16, 33, 160, 34, 220, 244, 163, 208, 45, 88};

/* A picture: cells of colours 0..9, -1 (what programs take for "no colour"), EMPTY or MARKED. */
typedef struct {
  int32_t top, left, h, w; /* of the picture, in the grid's coordinates */
  int8_t cells[MOST_SIDE * MOST_SIDE];
} Picture;

static bool small_int(Value v, int64_t least, int64_t most) { return is_int(v) && int_of(v) >= least && int_of(v) <= most; }

/* ---- grids ---- */

static bool grid_row(const Vm *vm, Value row, uint32_t w) {
  if (!is_tuple(row) || as_tuple(vm, row)->len != w) return false;
  for (uint32_t k = 0; k < w; k++)
    if (!small_int(as_tuple(vm, row)->items[k], -1, COLOURS - 1)) return false;
  return true;
}

static bool is_grid(const Vm *vm, Value v) {
  if (!is_tuple(v)) return false;
  const Tuple *rows = as_tuple(vm, v);
  if (!rows->len || rows->len > MOST_SIDE || !is_tuple(rows->items[0])) return false;
  uint32_t w = as_tuple(vm, rows->items[0])->len;
  if (!w || w > MOST_SIDE) return false;
  for (uint32_t i = 0; i < rows->len; i++)
    if (!grid_row(vm, rows->items[i], w)) return false;
  return true;
}

static void picture_of_grid(const Vm *vm, Value v, Picture *p) {
  const Tuple *rows = as_tuple(vm, v);
  p->top = p->left = 0;
  p->h = (int32_t)rows->len;
  p->w = (int32_t)as_tuple(vm, rows->items[0])->len;
  for (int32_t i = 0; i < p->h; i++) {
    const Value *row = as_tuple(vm, rows->items[i])->items;
    for (int32_t k = 0; k < p->w; k++) p->cells[i * p->w + k] = (int8_t)int_of(row[k]);
  }
}

/* ---- sets of cells ---- */

typedef struct {
  int32_t i, j;
  int8_t colour;
} GridCell;

static bool coordinates(const Vm *vm, Value v, GridCell *c) {
  if (!is_tuple(v) || as_tuple(vm, v)->len != 2) return false;
  const Value *items = as_tuple(vm, v)->items;
  if (!small_int(items[0], -MOST_SIDE, 2 * MOST_SIDE) || !small_int(items[1], -MOST_SIDE, 2 * MOST_SIDE)) return false;
  c->i = (int32_t)int_of(items[0]);
  c->j = (int32_t)int_of(items[1]);
  c->colour = MARKED;
  return true;
}

/* (i, j), (i, j, colour) or (colour, (i, j)). */
static bool read_cell(const Vm *vm, Value v, GridCell *c) {
  if (coordinates(vm, v, c)) return true;
  if (!is_tuple(v)) return false;
  const Tuple *t = as_tuple(vm, v);
  Value colour = t->len == 3 ? t->items[2] : t->len == 2 ? t->items[0] : V_NONE;
  if (!small_int(colour, -1, COLOURS - 1)) return false;
  if (t->len == 2 && !coordinates(vm, t->items[1], c)) return false;
  if (t->len == 3) {
    if (!small_int(t->items[0], -MOST_SIDE, 2 * MOST_SIDE) || !small_int(t->items[1], -MOST_SIDE, 2 * MOST_SIDE)) return false;
    c->i = (int32_t)int_of(t->items[0]);
    c->j = (int32_t)int_of(t->items[1]);
  }
  c->colour = (int8_t)int_of(colour);
  return true;
}

/* The frame around all cells, from the origin where none is negative. False: not a set of cells, or too wide. */
static bool frame_cells(const Vm *vm, Value set, Picture *p) {
  int32_t bottom = INT32_MIN, right = INT32_MIN;
  uint32_t pos = 0;
  Value key;
  GridCell c;
  p->top = p->left = 0;
  while (set_next(vm, set, &pos, &key)) {
    if (!read_cell(vm, key, &c)) return false;
    if (c.i < p->top) p->top = c.i;
    if (c.j < p->left) p->left = c.j;
    if (c.i > bottom) bottom = c.i;
    if (c.j > right) right = c.j;
  }
  p->h = bottom - p->top + 1;
  p->w = right - p->left + 1;
  return as_set(vm, set)->used && p->h <= MOST_SIDE && p->w <= MOST_SIDE && p->h > 0 && p->w > 0;
}

static bool picture_of_cells(const Vm *vm, Value v, Picture *p) {
  uint32_t pos = 0;
  Value key;
  GridCell c;
  if (!is_anyset(v) || !frame_cells(vm, v, p)) return false;
  memset(p->cells, EMPTY, sizeof p->cells);
  while (set_next(vm, v, &pos, &key))
    if (read_cell(vm, key, &c)) p->cells[(c.i - p->top) * p->w + (c.j - p->left)] = c.colour;
  return true;
}

/* ---- drawing ---- */

static void draw_cell(Buffer *b, int8_t cell, bool color) {
  if (color && cell >= 0) buffer_format(b, "\033[48;5;%dm  \033[0m", PALETTE[cell]);
  else if (color) buffer_text(b, cell == EMPTY ? "\xc2\xb7 " : cell == MARKED ? "##" : "--");
  else buffer_char(b, (char)(cell >= 0 ? '0' + cell : cell == EMPTY ? '.' : cell == MARKED ? '#' : '-'));
}

static void draw_picture(Buffer *b, const Picture *p, const char *indent, bool color) {
  for (int32_t i = 0; i < p->h; i++) {
    buffer_text(b, indent);
    for (int32_t k = 0; k < p->w; k++) draw_cell(b, p->cells[i * p->w + k], color);
    buffer_char(b, '\n');
  }
}

static bool picture_of(const Vm *vm, Value v, Picture *p) {
  if (is_grid(vm, v)) {
    picture_of_grid(vm, v, p);
    return true;
  }
  return picture_of_cells(vm, v, p);
}

static void text_of(Buffer *b, Vm *vm, Value v) {
  size_t start = b->len;
  const char *callable = result_callable_name(vm, v);
  if (callable) {
    buffer_text(b, "function ");
    buffer_printable(b, callable, strlen(callable));
  } else if (v == V_UNBOUND || v == OPERAND_NAME_ERROR) buffer_text(b, "nothing: not bound");
  else if (is_kind(v, KIND_LIMIT)) buffer_text(b, error_name(ERR_LIMIT + payload_of(v)));
  else if (!verify_value_text(b, vm, v)) buffer_text(b, "a value nested too deeply to print");
  if (b->len - start <= MOST_TEXT) return;
  size_t all = b->len - start;
  b->len = start + MOST_TEXT;
  buffer_format(b, "... (%zu characters)", all);
}

static uint32_t parts_of(const Vm *vm, Value v) {
  return is_tuple(v) ? as_tuple(vm, v)->len : is_anyset(v) ? as_set(vm, v)->used : 0;
}

void why_describe(Buffer *b, Vm *vm, Value v) {
  Picture p;
  uint32_t n = parts_of(vm, v);
  const char *plural = n == 1 ? "" : "s";
  if (is_grid(vm, v)) {
    picture_of_grid(vm, v, &p);
    buffer_format(b, "grid %d x %d", p.h, p.w);
  } else if (picture_of_cells(vm, v, &p)) {
    buffer_format(b, "%s of %u cell%s", is_kind(v, KIND_SET) ? "set" : "frozenset", n, plural);
    if (p.top < 0 || p.left < 0) buffer_format(b, " (row %d, column %d is the upper left)", p.top, p.left);
  } else {
    size_t start = b->len;
    text_of(b, vm, v);
    if (b->len - start <= 100 || !n) return;
    b->len = start;
    buffer_format(b, "%s of %u item%s", is_tuple(v) ? "tuple" : is_kind(v, KIND_SET) ? "set" : "frozenset", n, plural);
  }
}

/* Parts that are pictures, each with its number; false: none of the first ones is. */
static bool draw_parts(Buffer *b, Vm *vm, Value v, const char *indent, bool color) {
  uint32_t pos = 0, n = parts_of(vm, v), drawn = 0;
  Picture p;
  for (uint32_t i = 0; i < n && i < MOST_PARTS; i++) {
    Value part = 0;
    if (is_tuple(v)) part = as_tuple(vm, v)->items[i];
    else if (!set_next(vm, v, &pos, &part)) break;
    if (!picture_of(vm, part, &p)) continue;
    drawn++;
    buffer_format(b, "%s%u: ", indent, i);
    why_describe(b, vm, part);
    buffer_char(b, '\n');
    draw_picture(b, &p, indent, color);
  }
  if (drawn && n > MOST_PARTS) buffer_format(b, "%sand %u more\n", indent, n - MOST_PARTS);
  return drawn > 0;
}

void why_draw(Buffer *b, Vm *vm, Value v, const char *indent, bool color) {
  Picture p;
  if (picture_of(vm, v, &p)) {
    draw_picture(b, &p, indent, color);
    return;
  }
  if ((is_tuple(v) || is_anyset(v)) && draw_parts(b, vm, v, indent, color)) return;
  Buffer text = {0};
  why_describe(&text, vm, v);
  size_t described = text.len;
  text_of(&text, vm, v);
  bool told = described * 2 == text.len && !memcmp(text.data, text.data + described, described);
  if (!told) {
    buffer_text(b, indent);
    buffer_bytes(b, text.data + described, text.len - described);
    buffer_char(b, '\n');
  }
  buffer_free(&text);
}
