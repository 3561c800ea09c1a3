/* machine.c - the machines that calls run on.
 *
 * A machine is in the list when no call has it; the list is guarded by Python's lock. It remembers the task and the
 * sample of its last call and keeps what was computed for them: the next call of the same task or sample, by
 * the same objects or by equal ones that cannot change, runs only what is left. While a machine computes, Python's
 * lock is free. */
#include "layout.h"
#include "objects.h"

#include "../interp.h"
#include "../object.h"
#include "../host/buffer.h"
#include "../host/options.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { APART_BYTES = 16 << 20, MOST_IDLE = 8, MOST_DEPTH = 4000, NO_PROGRAM = -1 };
static const uint32_t ROOM_OF_SAMPLE = 4 << 20; /* units that calls of one sample may fill before they start anew */

typedef struct Machine {
  struct Machine *next;      /* of all machines */
  bool busy;
  Objects objects;
  Execution *first, *current; /* of program 0, the lowest level; of the program called last */
  int64_t number;             /* of the latter */
  PyObject *task_id, *samples, *input; /* whose values are there; NULL: none that may be used again */
  bool fixed_samples, fixed_input; /* nothing in them can change */
  uint32_t kept_of_task;      /* objects.kept up to here are of the task */
  uint32_t filled;            /* the arena's top when the sample began */
  uint64_t memory;
  const void *token;
  volatile int stop;
} Machine;

static Machine *machines;
static Vm *prototype;
static PyObject **objects_of_image; /* by offset, the same for all machines */
static RunnerOptions limits;

void machine_limits(uint64_t steps, uint32_t memory_mb, double timeout) {
  if (!limits.steps) runner_options_init(&limits);
  if (steps) limits.steps = steps;
  if (memory_mb) limits.memory_mb = memory_mb;
  if (timeout >= 0) limits.timeout = timeout;
}

/* ---- life ---- */

static void forget(PyObject **object) {
  PyObject *was = *object;
  *object = NULL;
  if (was) Py_DecRef(was);
}

static void remember(PyObject **object, PyObject *now) {
  Py_IncRef(now);
  forget(object);
  *object = now;
}

static void forget_task(Machine *m) {
  forget(&m->task_id);
  forget(&m->samples);
  forget(&m->input);
}

static void drop(Machine *m) {
  forget_task(m);
  if (m->current != m->first) exec_free(m->current);
  exec_free(m->first);
  map_free(&m->objects.kept);
  map_free(&m->objects.fresh);
  vm_free(m->objects.vm);
  free(m);
}

static bool set_up(Machine *m, uint32_t depth) {
  Vm *vm = m->objects.vm = vm_new(m->memory << 20);
  if (!vm || compiled.image_top >= vm->limit) return false;
  memcpy(vm->base, prototype->base, (size_t)compiled.image_top * 8);
  vm->top = compiled.image_top;
  vm->image = compiled.image;
  vm->interrupt = &m->stop;
  vm->max_steps = limits.steps;
  vm->base_depth = depth + 1;
  vm->depth_limit = (uint32_t)Py_GetRecursionLimit();
  if (vm->depth_limit > MOST_DEPTH) vm->depth_limit = MOST_DEPTH;
  m->objects.image = objects_of_image;
  const Room *apart = room_for(vm, APART_BYTES) ? room_new(vm, APART_BYTES) : NULL;
  m->objects.apart = apart ? offset_of(vm, apart) : 0;
  return (m->first = m->current = exec_new(&compiled.programs[0], vm));
}

/* What all machines have in common. */
static bool have_image(void) {
  if (!prototype) prototype = compiled.start();
  if (!prototype || objects_of_image) return prototype;
  objects_of_image = calloc(compiled.image_top, sizeof *objects_of_image);
  if (!objects_of_image) return false;
  remember(&objects_of_image[payload_of(compiled.image->nan)], names.nan);
  remember(&objects_of_image[payload_of(compiled.image->inf)], names.inf);
  return true;
}

static Machine *new_machine(uint32_t depth) {
  if (!have_image()) return (Machine *)PyErr_NoMemory();
  Machine *m = calloc(1, sizeof *m);
  if (!m) return (Machine *)PyErr_NoMemory();
  m->memory = limits.memory_mb;
  if (set_up(m, depth)) return m;
  if (!PyErr_Occurred()) PyErr_NoMemory();
  drop(m);
  return NULL;
}

/* ---- which machine ---- */

static bool fits(const Machine *m, uint32_t depth) {
  uint32_t limit = (uint32_t)Py_GetRecursionLimit();
  return m->objects.vm->base_depth == depth + 1 && m->memory == limits.memory_mb &&
         m->objects.vm->depth_limit == (limit < MOST_DEPTH ? limit : MOST_DEPTH);
}

static int likeness(const Machine *m, int64_t number, PyObject *const *slots) {
  if (!slots) return m->samples ? 0 : 1;
  int same = 1 + (m->number == number);
  if (m->samples && m->samples == slots[SLOT_S]) same += 2 + 2 * (m->input == slots[SLOT_I]);
  return same;
}

/* The idle machine that is most like what is wanted, out of those that have the depth; else a new one. */
static Machine *take(int64_t number, PyObject *const *slots, uint32_t depth, const void *token) {
  Machine *best = NULL, **unfit = NULL;
  int like = -1, idle = 0;
  for (Machine **at = &machines; *at; at = &(*at)->next) {
    if ((*at)->busy) continue;
    idle++;
    if (!fits(*at, depth)) unfit = at;
    else if (likeness(*at, number, slots) > like) like = likeness(best = *at, number, slots);
  }
  if (!best && unfit && idle >= MOST_IDLE) {
    Machine *gone = *unfit;
    *unfit = gone->next;
    drop(gone);
  }
  if (!best && (best = new_machine(depth))) {
    best->next = machines;
    machines = best;
  }
  if (!best) return NULL;
  best->busy = true;
  best->stop = 0;
  best->token = token;
  best->objects.vm->max_steps = limits.steps;
  best->objects.vm->deadline_ns = limits.timeout > 0 ? (uint64_t)((host_clock() + limits.timeout) * 1e9) : 0;
  return best;
}

static void give_back(Machine *m) {
  map_cut(&m->objects.fresh, 0);
  m->token = NULL;
  m->busy = false;
}

void machine_stop(const void *token) {
  for (Machine *m = machines; m; m = m->next)
    if (m->busy && m->token == token) m->stop = 1;
}

/* ---- interrupts ---- */

static Machine *volatile of_main_thread;
static struct sigaction handler_of_python;

/* Python's handler only notes the signal: the call has to end before Python acts on it. */
static void on_interrupt(int number, siginfo_t *info, void *context) {
  if (of_main_thread) of_main_thread->stop = 1;
  if (handler_of_python.sa_flags & SA_SIGINFO) handler_of_python.sa_sigaction(number, info, context);
  else handler_of_python.sa_handler(number);
}

/* Only the main thread runs Python's handlers. True: release_interrupts is to be called. */
static bool catch_interrupts(Machine *m) {
  struct sigaction now, own = {.sa_sigaction = on_interrupt, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  if (of_main_thread || syscall(SYS_gettid) != getpid() || sigaction(SIGINT, NULL, &now)) return false;
  if (!(now.sa_flags & SA_SIGINFO) && (now.sa_handler == SIG_DFL || now.sa_handler == SIG_IGN)) return false;
  handler_of_python = now;
  of_main_thread = m;
  return sigaction(SIGINT, &own, NULL) == 0;
}

static void release_interrupts(void) {
  sigaction(SIGINT, &handler_of_python, NULL);
  of_main_thread = NULL;
}

/* ---- results ---- */

static PyObject *exception_of(const char *file, uint32_t error, uint32_t line) {
  bool limit = is_limit_error(error);
  PyObject *place = line ? PyUnicode_FromFormat("%s, line %u", file, line) : PyUnicode_FromString(file), *made = NULL;
  PyObject *of = limit ? PyObject_GetAttrString(names.limits[error - ERR_LIMIT], "kind") : PyObject_GetAttrString(names.builtins, error_name(error));
  if (place && of) made = limit ? PyObject_CallFunction(names.limit_error, "OO", of, place) : PyObject_CallFunction(of, "O", place);
  if (place) Py_DecRef(place);
  if (of) Py_DecRef(of);
  return made;
}

static PyObject *raise_outcome(const char *file, uint32_t error, uint32_t line) {
  PyObject *made = exception_of(file, error, line);
  if (made) PyErr_SetObject((PyObject *)made->ob_type, made);
  if (made) Py_DecRef(made);
  return NULL;
}

static Value operand(const Execution *x, Operand of) { return of >= 0 ? x->values[of] : x->program->consts[~of]; }

static PyObject *output_object(Objects *o, const Execution *x, const ProgramOutput *out) {
  const Operand *items = x->program->operands + out->items;
  if (out->bare) return object_of(o, operand(x, items[0]));
  PyObject *tuple = PyTuple_New(out->nitems);
  for (uint32_t i = 0; tuple && i < out->nitems; i++) {
    PyObject *item = object_of(o, operand(x, items[i]));
    if (!item) {
      Py_DecRef(tuple);
      return NULL;
    }
    tuple_put(tuple, i, item);
  }
  return tuple;
}

static PyObject *outputs_object(Objects *o, const Execution *x, uint32_t number) {
  PyObject *list = PyList_New(0);
  for (uint32_t i = 0; list && i < x->program->noutputs; i++) {
    if (x->program->outputs[i].list != number) continue;
    PyObject *item = output_object(o, x, &x->program->outputs[i]);
    bool ok = item && PyList_Append(list, item) == 0;
    if (item) Py_DecRef(item);
    if (ok) continue;
    Py_DecRef(list);
    return NULL;
  }
  return list;
}

static PyObject *lists_object(Machine *m) {
  const Execution *x = m->current;
  PyObject *tuple = PyTuple_New(2);
  for (uint32_t i = 0; tuple && i < 2; i++) {
    PyObject *list = outputs_object(&m->objects, x, i);
    if (!list) {
      Py_DecRef(tuple);
      return NULL;
    }
    tuple_put(tuple, i, list);
  }
  return tuple;
}

/* Python's search for cycles, started by the number of new objects, would find none among these. */
static PyObject *result_object(Machine *m, const CallOutcome *out) {
  const Program *p = m->current->program;
  if (out->error != ERR_COUNT) return raise_outcome(p->file, out->error, out->line);
  bool pause = PyGC_Disable && PyGC_Enable && PyGC_Disable();
  PyObject *result = p->whole ? object_of(&m->objects, out->result) : lists_object(m);
  if (pause) PyGC_Enable();
  return result;
}

/* ---- arguments ---- */

/* Rows and grids that are in results too are the caller's own objects then. */
static bool adopt(Objects *o, ValueMap *map, Value v, PyObject *object) {
  if (!is_tuple(v) || object->ob_type != &PyTuple_Type || payload_of(v) < compiled.image_top) return true;
  const Tuple *t = as_tuple(o->vm, v);
  for (uint32_t i = 0; i < t->len; i++)
    if (!is_int(t->items[i]) && !adopt(o, map, t->items[i], PyTuple_GetItem(object, i))) return false;
  o->own_pairs |= t->len == 2 && is_int(t->items[0]) && is_int(t->items[1]);
  return map_add(map, v, object);
}

/* What could not be converted: Python's exception, or a limit. */
static bool not_converted(const Machine *m) {
  if (!PyErr_Occurred()) raise_outcome(compiled.name, m->objects.vm->error, 0);
  return false;
}

static bool argument(Machine *m, PyObject *object, Value otherwise, Value *v, bool *fixed) {
  *v = object ? value_of(m->objects.vm, object, fixed) : otherwise;
  return *v || not_converted(m);
}

/* Lists may have changed since, so what counts is their value. */
static bool is_same(const Machine *m, uint32_t slot, PyObject *was, bool fixed, PyObject *now) {
  return was && (fixed ? same_objects(was, now) : is_value_of(m->objects.vm, m->current->values[slot], now));
}

static bool is_same_task(const Machine *m, int64_t number, PyObject *const *slots) {
  return m->number == number && is_same(m, SLOT_S, m->samples, m->fixed_samples, slots[SLOT_S]) &&
         same_objects(m->task_id, slots[SLOT_TASK_ID]);
}

static bool is_same_sample(const Machine *m, PyObject *const *slots) {
  return is_same(m, SLOT_I, m->input, m->fixed_input, slots[SLOT_I]) && m->objects.vm->top - m->filled < ROOM_OF_SAMPLE;
}

static bool use_program(Machine *m, int64_t number) {
  if (m->current != m->first) exec_free(m->current);
  m->current = m->first;
  m->number = number;
  m->objects.own_pairs = false;
  exec_reset_to_program(m->first);
  if (number > 0) m->current = exec_new(&compiled.programs[number], m->objects.vm);
  if (m->current) return true;
  m->current = m->first;
  m->number = NO_PROGRAM;
  PyErr_NoMemory();
  return false;
}

#define WITHOUT_LOCK(statement)                                                                    \
  do {                                                                                             \
    PyThreadState *thread = PyEval_SaveThread();                                                   \
    statement;                                                                                     \
    PyEval_RestoreThread(thread);                                                                  \
  } while (0)

/* The objects of the results are those given now. */
static bool remember_task(Machine *m, PyObject *const *slots) {
  Objects *o = &m->objects;
  map_cut(&o->kept, 0);
  if (m->fixed_samples && !adopt(o, &o->kept, m->current->values[SLOT_S], slots[SLOT_S])) return false;
  remember(&m->samples, slots[SLOT_S]);
  remember(&m->task_id, slots[SLOT_TASK_ID]);
  m->kept_of_task = o->kept.n;
  return true;
}

static bool remember_input(Machine *m, PyObject *const *slots) {
  Objects *o = &m->objects;
  map_cut(&o->kept, m->kept_of_task);
  if (m->fixed_input && !adopt(o, &o->kept, m->current->values[SLOT_I], slots[SLOT_I])) return false;
  remember(&m->input, slots[SLOT_I]);
  return true;
}

static bool begin_task(Machine *m, int64_t number, PyObject *const *slots) {
  bool fixed = true;
  Value id, samples;
  m->fixed_samples = true;
  forget_task(m);
  map_cut(&m->objects.kept, 0);
  if (!use_program(m, number)) return false;
  if (!argument(m, slots[SLOT_TASK_ID], V_NONE, &id, &fixed)) return false;
  if (!argument(m, slots[SLOT_S], compiled.image->empty_tuple, &samples, &m->fixed_samples)) return false;
  WITHOUT_LOCK(exec_begin_task(m->current, id, samples));
  return !fixed || !slots[SLOT_S] || !slots[SLOT_TASK_ID] || compiled.image->impure || remember_task(m, slots);
}

static bool begin_sample(Machine *m, PyObject *const *slots) {
  Value input;
  m->fixed_input = true;
  forget(&m->input);
  map_cut(&m->objects.kept, m->samples ? m->kept_of_task : 0);
  exec_reset_to_task(m->current);
  if (!argument(m, slots[SLOT_I], V_NONE, &input, &m->fixed_input)) return false;
  WITHOUT_LOCK(exec_begin_sample(m->current, input));
  m->filled = m->objects.vm->top;
  return !slots[SLOT_I] || !m->samples || remember_input(m, slots);
}

/* Equal arguments, but others: what was made with the former ones in it is made anew. */
static bool use_objects(Machine *m, PyObject *const *slots) {
  bool other = m->samples && m->samples != slots[SLOT_S];
  if (other && !remember_task(m, slots)) return false;
  return !m->input || (!other && m->input == slots[SLOT_I]) || remember_input(m, slots);
}

/* ---- calls ---- */

static bool run_call(Machine *m, int64_t number, PyObject *const *slots, CallOutcome *out) {
  bool fixed = true;
  Value output;
  bool same_task = is_same_task(m, number, slots);
  if (!same_task && !begin_task(m, number, slots)) return false;
  bool same_sample = same_task && is_same_sample(m, slots);
  if (same_sample ? !use_objects(m, slots) : !begin_sample(m, slots)) return false;
  if (!argument(m, slots[SLOT_C], V_NONE, &output, &fixed)) return false;
  WITHOUT_LOCK(*out = exec_call(m->current, output));
  return !fixed || !slots[SLOT_C] || adopt(&m->objects, &m->objects.fresh, m->current->values[SLOT_C], slots[SLOT_C]);
}

/* Stopped by a signal, which Python has now to act on: true, it raised no exception. What was computed is not to be used. */
static bool interrupted(Machine *m, bool *raised) {
  if (!m->stop || m->token) return false;
  forget_task(m);
  m->stop = 0;
  *raised = PyErr_CheckSignals() != 0;
  return true;
}

/* What of an iterator is left may hang on ops that nothing reads, which were left out: then the call is made once more, with all of them. */
static bool must_run_all(Machine *m) {
  Execution *x = m->current;
  bool dead = false;
  for (uint32_t i = 0; i < x->program->nops && !x->in_order; i++) dead |= x->program->ops[i].dead;
  if (!dead) return false;
  map_cut(&m->objects.fresh, 0);
  return x->in_order = true;
}

PyObject *machine_call(uint32_t number, PyObject *const slots[SLOT_FIRST_OP], uint32_t depth, const void *token) {
  Machine *m = take(number, slots, depth, token);
  if (!m) return NULL;
  CallOutcome out;
  PyObject *result = NULL;
  do {
    bool ok, raised = false, caught = catch_interrupts(m);
    if (result) Py_DecRef(result);
    m->objects.iterators = false;
    do ok = run_call(m, number, slots, &out);
    while (ok && interrupted(m, &raised) && !raised);
    if (caught) release_interrupts();
    result = ok && !raised ? result_object(m, &out) : NULL;
  } while (result && m->objects.iterators && must_run_all(m));
  if (!result) forget_task(m);
  give_back(m);
  return result;
}

/* Positional arguments, then those of keywords with their names. The caller frees values. */
static bool convert_arguments(Machine *m, PyObject *args, PyObject *keywords, Value *values, uint32_t n) {
  bool fixed = true;
  Py_ssize_t pos = 0;
  PyObject *name, *object;
  uint32_t nargs = (uint32_t)PyTuple_Size(args), i = 0;
  for (; i < nargs; i++)
    if (!argument(m, PyTuple_GetItem(args, i), 0, &values[i], &fixed)) return false;
  for (; i < n && PyDict_Next(keywords, &pos, &name, &object); i++)
    if (!argument(m, object, 0, &values[i], &fixed) || !argument(m, name, 0, &values[n + i - nargs], &fixed)) return false;
  return true;
}

/* For a call that is no program's. */
static bool begin_alone(Machine *m) {
  forget_task(m);
  map_cut(&m->objects.kept, 0);
  return use_program(m, NO_PROGRAM);
}

static PyObject *run_function(Machine *m, PyObject *function, PyObject *args, PyObject *keywords) {
  uint32_t nkw = keywords ? (uint32_t)PyDict_Size(keywords) : 0, n = (uint32_t)PyTuple_Size(args) + nkw;
  Value callee, *values = malloc(((size_t)n + nkw + 1) * sizeof *values);
  bool fixed = true, raised = false, ok = values || PyErr_NoMemory();
  CallOutcome out = {0};
  do {
    ok = ok && begin_alone(m) && argument(m, function, 0, &callee, &fixed) &&
         convert_arguments(m, args, keywords, values, n);
    if (ok) WITHOUT_LOCK(out = exec_function(m->first, callee, values, n, values + n, nkw));
  } while (ok && interrupted(m, &raised) && !raised);
  free(values);
  if (!ok || raised) return NULL;
  return out.error == ERR_COUNT ? object_of(&m->objects, out.result) : raise_outcome(compiled.name, out.error, 0);
}

PyObject *machine_call_function(PyObject *function, PyObject *args, PyObject *keywords, uint32_t depth) {
  Machine *m = take(NO_PROGRAM, NULL, depth, NULL);
  if (!m) return NULL;
  bool caught = catch_interrupts(m);
  PyObject *result = run_function(m, function, args, keywords);
  if (caught) release_interrupts();
  give_back(m);
  return result;
}

/* ---- generators ---- */

/* The prelude's function that takes items; its registers are what changes, so nothing is shared. */
static CallOutcome take_items(Machine *m, const Value args[3]) {
  Vm *vm = m->objects.vm;
  Memo *memo = vm->memo;
  CallOutcome out = {.error = ERR_LIMIT + LIMIT_MEMORY};
  uint32_t offset = arena_alloc(vm, sizeof(Func));
  if (!offset) return out;
  *(Func *)arena_at(vm, offset) = (Func){.fid = compiled.image->prelude[PRELUDE_take]};
  vm->memo = NULL;
  WITHOUT_LOCK(out = exec_function(m->first, HEAP(KIND_FUNC, offset), args, 3, NULL, 0));
  vm->memo = memo;
  return out;
}

static PyObject *run_generator(Machine *m, PyObject *generator, uint32_t count) {
  bool raised = false, ok;
  Value args[3];
  CallOutcome out = {0};
  do {
    ok = begin_alone(m) && ((args[0] = new_list(m->objects.vm, 0)) && (args[1] = generator_of(m->objects.vm, generator)) ? true : not_converted(m));
    args[2] = v_int(count);
    if (ok) out = take_items(m, args);
  } while (ok && interrupted(m, &raised) && !raised);
  PyObject *items = ok && !raised ? object_of(&m->objects, args[0]) : NULL;
  PyObject *error = !items ? NULL : out.error == ERR_COUNT ? new_reference(Py_None) : exception_of(compiled.name, out.error, 0);
  PyObject *both = error ? PyTuple_New(2) : NULL;
  if (both) tuple_put(both, 0, new_reference(items));
  if (both) tuple_put(both, 1, new_reference(error));
  if (items) Py_DecRef(items);
  if (error) Py_DecRef(error);
  return both;
}

PyObject *machine_take(PyObject *generator, uint32_t count, uint32_t depth) {
  Machine *m = take(NO_PROGRAM, NULL, depth, NULL);
  if (!m) return NULL;
  bool caught = catch_interrupts(m);
  PyObject *both = run_generator(m, generator, count);
  if (caught) release_interrupts();
  give_back(m);
  return both;
}
