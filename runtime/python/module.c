/* module.c - the functions of a compiled module and its start; see objects.h.
 *
 * What is Python's business is Python: module.py, run in the module's own namespace, has the classes of limits and functions, and
 * batches of calls. */
#include "layout.h"
#include "objects.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

PythonNames names;

extern const char battc_module_text[];
__asm__(".pushsection .rodata\n"
        ".globl battc_module_text\n"
        ".hidden battc_module_text\n"
        "battc_module_text:\n"
        ".incbin \"runtime/python/module.py\"\n"
        ".byte 0\n"
        ".popsection\n");

/* ---- arguments ---- */

static const char *const slot_names[SLOT_FIRST_OP] = {"task_id", "S", "I", "C", "log_path"};

static bool is_named(PyObject *name, const char *text) {
  PyObject *other = PyUnicode_FromString(text);
  bool same = other && PyUnicode_Compare(name, other) == 0;
  if (other) Py_DecRef(other);
  return same;
}

static bool take_keywords(const Program *p, PyObject *keywords, PyObject **slots) {
  Py_ssize_t pos = 0;
  PyObject *name, *object;
  while (keywords && PyDict_Next(keywords, &pos, &name, &object)) {
    uint32_t i = 0;
    while (i < p->nwhole_params && !is_named(name, slot_names[p->whole_params[i]])) i++;
    bool known = i < p->nwhole_params;
    if (known && !slots[p->whole_params[i]]) slots[p->whole_params[i]] = object;
    else {
      PyErr_Format(PyExc_TypeError, known ? "%s() got multiple values for argument '%U'" : "%s() got an unexpected keyword argument '%U'",
                   p->entry, name);
      return false;
    }
  }
  return true;
}

static bool refuse_positional(const Program *p, Py_ssize_t given) {
  PyErr_Format(PyExc_TypeError, "%s() takes %u positional argument%s but %zd %s given", p->entry, p->nwhole_params,
               p->nwhole_params == 1 ? "" : "s", given, given == 1 ? "was" : "were");
  return false;
}

/* Says which arguments are missing, in Python's words. */
static bool refuse_missing(const Program *p, PyObject *const *slots, uint32_t missing) {
  char list[128] = "";
  for (uint32_t i = 0, n = 0; i < p->nwhole_params; i++) {
    if (slots[p->whole_params[i]]) continue;
    n++;
    const char *before = n == 1 ? "" : n < missing ? ", " : missing == 2 ? " and " : ", and ";
    size_t at = strlen(list);
    snprintf(list + at, sizeof list - at, "%s'%s'", before, slot_names[p->whole_params[i]]);
  }
  PyErr_Format(PyExc_TypeError, "%s() missing %u required positional argument%s: %s", p->entry, missing, missing == 1 ? "" : "s", list);
  return false;
}

/* What is wrong is found in CPython's order. */
static bool take_arguments(const Program *p, PyObject *args, PyObject *keywords, PyObject **slots) {
  Py_ssize_t n = PyTuple_Size(args), most = p->nwhole_params;
  uint32_t missing = 0;
  for (Py_ssize_t i = 0; i < n && i < most; i++) slots[p->whole_params[i]] = PyTuple_GetItem(args, i);
  if (!take_keywords(p, keywords, slots)) return false;
  if (n > most) return refuse_positional(p, n);
  for (uint32_t i = 0; i < p->nwhole_params; i++) missing += !slots[p->whole_params[i]];
  return !missing || refuse_missing(p, slots, missing);
}

/* Python's frames in this thread. */
static uint32_t count_frames(void) {
  uint32_t n = 0;
  PyObject *frame = PyEval_GetFrame();
  if (frame) Py_IncRef(frame);
  for (; frame && frame != Py_None; n++) {
    PyObject *outer = PyObject_GetAttrString(frame, "f_back");
    Py_DecRef(frame);
    frame = outer;
  }
  if (frame) Py_DecRef(frame);
  return n;
}

PyObject *module_call(uint32_t number, PyObject *args, PyObject *keywords) {
  PyObject *slots[SLOT_FIRST_OP] = {0};
  if (!take_arguments(&compiled.programs[number], args, keywords, slots)) return NULL;
  return machine_call(number, slots, count_frames(), NULL);
}

/* ---- for module.py ---- */

static PyObject *none(void) {
  Py_IncRef(Py_None);
  return Py_None;
}

static bool integers(PyObject *args, long long *to, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    int overflow;
    to[i] = PyLong_AsLongLongAndOverflow(PyTuple_GetItem(args, i), &overflow);
    if (to[i] == -1 && PyErr_Occurred()) return false;
  }
  return true;
}

/* _frames(): of the caller, itself left out. */
static PyObject *frames(PyObject *self, PyObject *args) {
  (void)self, (void)args;
  return PyLong_FromLongLong((long long)count_frames() - 1);
}

/* _call(number, frames, token, arguments) */
static PyObject *call(PyObject *self, PyObject *args) {
  (void)self;
  long long of[2];
  PyObject *slots[SLOT_FIRST_OP] = {0};
  if (!integers(args, of, 2) || !take_arguments(&compiled.programs[of[0]], PyTuple_GetItem(args, 3), NULL, slots)) return NULL;
  return machine_call((uint32_t)of[0], slots, (uint32_t)of[1], PyTuple_GetItem(args, 2));
}

/* _stop(token) */
static PyObject *stop(PyObject *self, PyObject *token) {
  (void)self;
  machine_stop(token);
  return none();
}

/* _call_function(function, arguments, keywords): from Function.__call__, whose own frame does not count. */
static PyObject *call_function(PyObject *self, PyObject *args) {
  (void)self;
  return machine_call_function(PyTuple_GetItem(args, 0), PyTuple_GetItem(args, 1), PyTuple_GetItem(args, 2), count_frames() - 1);
}

/* _take(generator, count): from Generator.__next__, whose own frame does not count. */
static PyObject *take(PyObject *self, PyObject *args) {
  (void)self;
  long long count = PyLong_AsLongLongAndOverflow(PyTuple_GetItem(args, 1), &(int){0});
  return machine_take(PyTuple_GetItem(args, 0), (uint32_t)count, count_frames() - 1);
}

/* _set_limits(steps, megabytes, milliseconds): 0, and less for the time, leave as it is. */
static PyObject *set_limits(PyObject *self, PyObject *args) {
  (void)self;
  long long of[3];
  if (!integers(args, of, 3)) return NULL;
  machine_limits((uint64_t)of[0], (uint32_t)of[1], (double)of[2] / 1000);
  return none();
}

/* _direct(true or false): is it so now? */
static PyObject *use_layout(PyObject *self, PyObject *direct) {
  (void)self;
  layout_use(PyLong_AsLongLongAndOverflow(direct, &(int){0}) != 0);
  return PyBool_FromLong(layout.sets);
}

static PyMethodDef helpers[] = {{"_frames", frames, METH_VARARGS, NULL},
                                {"_call", call, METH_VARARGS, NULL},
                                {"_stop", stop, METH_O, NULL},
                                {"_call_function", call_function, METH_VARARGS, NULL},
                                {"_take", take, METH_VARARGS, NULL},
                                {"_direct", use_layout, METH_O, NULL},
                                {"_set_limits", set_limits, METH_VARARGS, NULL}};

/* ---- names ---- */

static bool add(PyObject *dict, const char *name, PyObject *object) {
  bool ok = object && PyDict_SetItemString(dict, name, object) == 0;
  if (object) Py_DecRef(object);
  return ok;
}

static bool find_types(void) {
  PyObject *itertools = PyImport_ImportModule("itertools");
  names.product = itertools ? PyObject_GetAttrString(itertools, "product") : NULL;
  if (itertools) Py_DecRef(itertools);
  return (names.frozenset_type = PyObject_GetAttrString(names.builtins, "frozenset")) &&
         (names.set_type = PyObject_GetAttrString(names.builtins, "set")) && (names.range = PyObject_GetAttrString(names.builtins, "range")) &&
         (names.zip = PyObject_GetAttrString(names.builtins, "zip")) &&
         (names.enumerate = PyObject_GetAttrString(names.builtins, "enumerate")) &&
         (names.reversed = PyObject_GetAttrString(names.builtins, "reversed")) && names.product;
}

/* Objects that are the interpreter's outlive the module. */
static bool find_names(void) {
  PyObject *math = PyImport_ImportModule("math"), *set;
  if (!math || !(names.builtins = PyImport_ImportModule("builtins"))) return false;
  names.nan = PyObject_GetAttrString(math, "nan");
  names.inf = PyObject_GetAttrString(math, "inf");
  Py_DecRef(math);
  if (!names.nan || !names.inf || !find_types() || !(set = PyFrozenSet_New(NULL))) return false;
  PyObject *size = PyObject_CallMethod(set, "__sizeof__", NULL);
  if (size) names.empty_set_size = (Py_ssize_t)PyLong_AsLongLongAndOverflow(size, &(int){0});
  if (size) Py_DecRef(size);
  Py_DecRef(set);
  return size;
}

/* What module.py defines, in the namespace of the module that is loaded now. */
static bool find_classes(PyObject *dict) {
  static const char *const kinds[] = {"steps", "memory", "time", "integer", "unsupported"};
  PyObject *limit = PyDict_GetItemString(dict, "Limit");
  for (int i = 0; limit && i <= LIMIT_UNSUPPORTED; i++)
    if (!(names.limits[i] = PyObject_CallFunction(limit, "s", kinds[i]))) return false;
  names.limit_error = PyDict_GetItemString(dict, "LimitError");
  names.function_type = PyDict_GetItemString(dict, "Function");
  names.own_function = PyDict_GetItemString(dict, "_own_function");
  names.generator_type = PyDict_GetItemString(dict, "Generator");
  names.iterators = PyDict_GetItemString(dict, "_ITERATORS");
  return limit && names.limit_error && names.function_type && names.own_function && names.generator_type && names.iterators;
}

static bool add_helpers(PyObject *dict) {
  for (size_t i = 0; i < sizeof helpers / sizeof *helpers; i++)
    if (!add(dict, helpers[i].ml_name, PyCFunction_NewEx(&helpers[i], NULL, NULL))) return false;
  return true;
}

static bool run_text(PyObject *dict) {
  PyObject *code = Py_CompileString(battc_module_text, "<battc>", Py_file_input);
  PyObject *done = code ? PyEval_EvalCode(code, dict, dict) : NULL;
  if (code) Py_DecRef(code);
  if (done) Py_DecRef(done);
  return done;
}

static bool add_programs(PyObject *dict) {
  PyObject *list = PyList_New(0);
  for (uint32_t i = 0; list && i < compiled.nprograms; i++) {
    PyObject *name = PyUnicode_FromString(compiled.programs[i].entry);
    if (!name || PyList_Append(list, name)) return false;
    Py_DecRef(name);
  }
  return add(dict, "_programs", list) && add(dict, "_key", PyLong_FromLongLong((long long)(compiled.key >> 1)));
}

/* ---- PyInit ---- */

/* Where this library was loaded from; *st is the file that lies there now. */
static const char *own_file(const void *inside, struct stat *st) {
  Dl_info info;
  return dladdr(inside, &info) && info.dli_fname && stat(info.dli_fname, st) == 0 ? info.dli_fname : NULL;
}

/* The linker knows libraries by name: a file that took the place of this one is loaded under another name of it. */
static PyObject *init_newer(const char *file, const char *symbol) {
  static uint32_t times;
  const char *slash = strrchr(file, '/');
  char path[4096];
  int n = slash ? snprintf(path, sizeof path, "%.*s/", (int)(slash - file), file) : snprintf(path, sizeof path, "./");
  times++;
  for (uint32_t i = 0; i < times && n < (int)sizeof path - 3; i++) n += snprintf(path + n, sizeof path - (size_t)n, "./");
  n += snprintf(path + n, sizeof path - (size_t)n, "%s", slash ? slash + 1 : file);
  void *library = n < (int)sizeof path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
  PyObject *(*init)(void) = NULL;
  if (library) *(void **)&init = dlsym(library, symbol);
  if (init) return init();
  PyErr_Format(PyExc_ImportError, "%s: cannot be loaded anew", file);
  return NULL;
}

static bool is_free_threaded(void) {
  PyObject *flags = PySys_GetObject("abiflags");
  PyObject *place = flags ? PyObject_CallMethod(flags, "find", "s", "t") : NULL;
  bool found = place && PyLong_AsLongLongAndOverflow(place, &(int){0}) >= 0;
  if (place) Py_DecRef(place);
  return found;
}

PyObject *module_init(PyModuleDef *definition, const char *symbol) {
  static struct stat loaded;
  struct stat st;
  const char *file = own_file(definition, &st);
  if (is_free_threaded()) {
    PyErr_Format(PyExc_ImportError, "%s is compiled for Python with its lock: it cannot be imported in a free-threaded Python", compiled.name);
    return NULL;
  }
  if (file && !loaded.st_ino) loaded = st;
  if (file && (st.st_ino != loaded.st_ino || st.st_dev != loaded.st_dev)) return init_newer(file, symbol);
  return PyModuleDef_Init(definition);
}

/* ---- start ---- */

static bool is_main_interpreter(void) {
  PyInterpreterState *own = PyInterpreterState_Get ? PyInterpreterState_Get() : _PyInterpreterState_Get ? _PyInterpreterState_Get() : NULL;
  if (own && PyInterpreterState_GetID(own) == 0) return true;
  PyErr_Format(PyExc_ImportError, "%s is compiled by battc: it cannot be imported in a sub-interpreter, only in the main one", compiled.name);
  return false;
}

/* A second module of the same name, once the first has been deleted from sys.modules, has the same objects. */
int module_start(PyObject *module) {
  PyObject *dict = PyModule_GetDict(module), *builtins;
  if (!is_main_interpreter()) return -1;
  if (names.dict) return PyDict_Merge(dict, names.dict, 0);
  if (!find_names() || !layout_start() || !twins_start() || !add_programs(dict) || !add_helpers(dict)) return -1;
  builtins = names.builtins;
  Py_IncRef(builtins);
  Py_IncRef(module);
  if (!add(dict, "__builtins__", builtins) || !add(dict, "_module", module) || !run_text(dict) || !find_classes(dict)) return -1;
  machine_limits(0, 0, -1);
  names.dict = dict;
  Py_IncRef(module);
  return 0;
}
