/* profile_html.c - the profile as one page without scripts or references: the program's lines with what
 * they cost and what their calls raised, then the functions. Every text of the input is escaped. */
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "profile_report.h"
#include "source_lines.h"

/* What a line of the program costs: its ops, or the functions that begin there. */
typedef struct {
  uint64_t ns, calls;
  uint32_t errors[PROFILE_ERRORS];
} LineProfile;

static const char HEAD[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>battc profile</title>\n<style>\n"
    "body{font:14px system-ui,sans-serif;margin:1.5em;color:#222;background:#fff}\n"
    "table{border-collapse:collapse}td,th{padding:0 .7em;text-align:right;white-space:nowrap;vertical-align:top}\n"
    "th{font-weight:600;border-bottom:1px solid #999}td.t,th.t{text-align:left}\n"
    "table.code td{font:12px ui-monospace,monospace}td.t{white-space:pre}td.n{color:#888}\n"
    "td.e{color:#a02020;text-align:left}tr:hover{outline:1px solid #bbb}\n"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}td.e{color:#f08080}}\n"
    "</style></head><body>\n";

static void html_text(Buffer *b, const char *text, size_t n) {
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)text[i];
    switch (c) {
      case '&': buffer_text(b, "&amp;"); break;
      case '<': buffer_text(b, "&lt;"); break;
      case '>': buffer_text(b, "&gt;"); break;
      case '"': buffer_text(b, "&quot;"); break;
      case '\'': buffer_text(b, "&#39;"); break;
      case '\t': buffer_char(b, '\t'); break;
      default:
        if (c < 0x20 || c == 0x7f) buffer_text(b, "\xef\xbf\xbd");
        else buffer_char(b, (char)c);
    }
  }
}

static double share(const Profile *p, uint64_t ns) { return p->total_ns ? 100 * (double)ns / (double)p->total_ns : 0; }

/* Milliseconds and share; the more, the stronger the colour. */
static void cost_cells(Buffer *b, const Profile *p, uint64_t ns) {
  double part = share(p, ns), strength = part > 10 ? 0.6 : part * 0.06;
  if (!ns) buffer_text(b, "<td></td><td></td>");
  else
    buffer_format(b, "<td style=\"background:rgba(255,120,0,%.3f)\">%.3f</td><td>%.2f %%</td>", strength, (double)ns * 1e-6, part);
}

static void count_cell(Buffer *b, uint64_t n) {
  if (n) buffer_format(b, "<td>%llu</td>", (unsigned long long)n);
  else buffer_text(b, "<td></td>");
}

static void error_cell(Buffer *b, const uint32_t *errors) {
  buffer_text(b, "<td class=\"e\">");
  profile_errors(b, errors, PROFILE_ERRORS);
  buffer_text(b, "</td>");
}

/* ---- the program ---- */

static LineProfile *line_profiles(const Profile *p, uint32_t nlines) {
  LineProfile *lines = (LineProfile *)memset(host_alloc((nlines + 1) * sizeof *lines), 0, (nlines + 1) * sizeof *lines);
  for (uint32_t i = 0; i < p->first_op[p->nprograms]; i++) {
    uint32_t line = profile_op(p, i)->line;
    LineProfile *l = &lines[line <= nlines ? line : 0];
    l->ns += p->ops[i].ns;
    l->calls += p->ops[i].calls;
    for (int e = 0; e < PROFILE_ERRORS; e++) l->errors[e] += p->ops[i].errors[e];
  }
  for (uint32_t i = 0; i < p->image->nfunctions; i++) {
    const Function *fn = &p->image->functions[i];
    if (!fn->line || fn->line > nlines || strcmp(fn->file, p->programs[0].file) || lines[fn->line].calls) continue;
    lines[fn->line].ns = p->functions[i].total_ns;
    lines[fn->line].calls = p->functions[i].counts.calls;
  }
  return lines;
}

static void code_row(Buffer *b, const Profile *p, const LineProfile *l) {
  cost_cells(b, p, l->ns);
  count_cell(b, l->calls);
  error_cell(b, l->errors);
}

static void write_code(Buffer *b, const Profile *p) {
  SourceLines source = source_lines(p->programs[0].file);
  LineProfile *lines = line_profiles(p, source.n);
  buffer_text(b, "<h2>");
  html_text(b, p->programs[0].file, strlen(p->programs[0].file));
  buffer_text(b, "</h2>\n<table class=\"code\"><tr><th>line</th><th>ms</th><th>share</th><th>calls</th>"
                 "<th class=\"t\">raised</th><th class=\"t\">source</th></tr>\n");
  for (uint32_t i = 1; i <= source.n; i++) {
    buffer_format(b, "<tr><td class=\"n\">%u</td>", i);
    code_row(b, p, &lines[i]);
    buffer_text(b, "<td class=\"t\">");
    html_text(b, source.lines[i - 1], source.lengths[i - 1]);
    buffer_text(b, "</td></tr>\n");
  }
  buffer_text(b, "</table>\n");
  free(lines);
  source_lines_free(&source);
}

/* Where the text of the program is not to be had. */
static void write_ops(Buffer *b, const Profile *p) {
  buffer_text(b, "<h2>Ops</h2>\n<p>The text of the program is not at hand.</p>\n<table class=\"code\"><tr><th>line</th><th>ms</th>"
                 "<th>share</th><th>calls</th><th class=\"t\">raised</th><th class=\"t\">op</th></tr>\n");
  for (uint32_t i = 0; i < p->first_op[p->nprograms]; i++) {
    LineProfile l = {.ns = p->ops[i].ns, .calls = p->ops[i].calls};
    Buffer name = {0};
    memcpy(l.errors, p->ops[i].errors, sizeof l.errors);
    profile_op_name(&name, p, i);
    buffer_format(b, "<tr><td class=\"n\">%u</td>", profile_op(p, i)->line);
    code_row(b, p, &l);
    buffer_text(b, "<td class=\"t\">");
    html_text(b, name.data, name.len);
    buffer_text(b, "</td></tr>\n");
    buffer_free(&name);
  }
  buffer_text(b, "</table>\n");
}

/* ---- the rest ---- */

static void write_phases(Buffer *b, const Profile *p) {
  buffer_format(b, "<h1>battc profile</h1>\n<p>%.4f s of processor time, looked at %u times.</p>\n<table>", (double)p->total_ns * 1e-9,
                p->nlooks);
  for (int i = 0; i < PHASE_COUNT; i++) {
    buffer_text(b, "<tr>");
    cost_cells(b, p, p->phase_ns[i]);
    buffer_format(b, "<td class=\"t\">%s</td></tr>\n", profile_phase_text((ProfilePhase)i));
  }
  buffer_text(b, "</table>\n");
}

static void write_function(Buffer *b, const Profile *p, uint32_t fid) {
  const FunctionProfile *f = &p->functions[fid];
  const Function *fn = &p->image->functions[fid];
  buffer_text(b, "<tr>");
  cost_cells(b, p, f->self_ns);
  buffer_format(b, "<td>%.3f</td>", (double)f->total_ns * 1e-6);
  count_cell(b, f->counts.calls);
  count_cell(b, f->counts.kernel);
  count_cell(b, f->counts.shared);
  buffer_format(b, "<td>%.3f</td><td class=\"t\">", (double)profile_saved_ns(f) * 1e-6);
  html_text(b, fn->module, strlen(fn->module));
  buffer_char(b, '.');
  html_text(b, fn->name, strlen(fn->name));
  buffer_format(b, ":%u</td><td class=\"t\">%s</td></tr>\n", fn->line, fn->kernel ? "native kernel" : "");
}

static void write_functions(Buffer *b, const Profile *p) {
  uint32_t n, *order = profile_sort_functions(p, &n);
  buffer_text(b, "<h2>Functions</h2>\n<table><tr><th>self ms</th><th>share</th><th>total ms</th><th>calls</th><th>by kernel</th>"
                 "<th>shared</th><th>saved ms</th><th class=\"t\">function</th><th></th></tr>\n");
  for (uint32_t i = 0; i < n; i++) write_function(b, p, order[i]);
  buffer_text(b, "</table>\n");
  free(order);
}

static bool has_source(const Profile *p) {
  SourceLines source = source_lines(p->programs[0].file);
  bool found = source.n > 0;
  source_lines_free(&source);
  return found;
}

bool profile_html_write(const char *path, const Profile *p) {
  Buffer b = {0};
  buffer_text(&b, HEAD);
  write_phases(&b, p);
  if (has_source(p)) write_code(&b, p);
  else write_ops(&b, p);
  write_functions(&b, p);
  buffer_text(&b, "</body></html>\n");
  bool ok = file_write(path, &b);
  buffer_free(&b);
  return ok;
}
