/* python.h - what this folder uses of CPython: the stable ABI of 3.8, declared here so that no headers of Python are
 * needed. Names, layouts and numbers are CPython's. */
#ifndef BATTC_PYTHON_H
#define BATTC_PYTHON_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef ssize_t Py_ssize_t;
typedef Py_ssize_t Py_hash_t;
typedef struct PyTypeObject PyTypeObject;
typedef struct PyThreadState PyThreadState;
typedef struct PyInterpreterState PyInterpreterState;

typedef struct {
  Py_ssize_t ob_refcnt;
  PyTypeObject *ob_type;
} PyObject;

typedef PyObject *(*PyCFunction)(PyObject *self, PyObject *args);
typedef PyObject *(*PyCFunctionWithKeywords)(PyObject *self, PyObject *args, PyObject *keywords);

typedef struct {
  const char *ml_name;
  PyCFunction ml_meth;
  int ml_flags;
  const char *ml_doc;
} PyMethodDef;

typedef struct {
  int slot;
  void *value;
} PyModuleDef_Slot;

typedef struct {
  PyObject ob_base;
  PyObject *(*m_init)(void);
  Py_ssize_t m_index;
  PyObject *m_copy;
  const char *m_name;
  const char *m_doc;
  Py_ssize_t m_size;
  PyMethodDef *m_methods;
  PyModuleDef_Slot *m_slots;
  void *m_traverse, *m_clear, *m_free;
} PyModuleDef;

typedef struct {
  int slot;
  void *pfunc;
} PyType_Slot;

typedef struct {
  const char *name;
  int basicsize, itemsize;
  unsigned int flags;
  PyType_Slot *slots;
} PyType_Spec;

enum { METH_VARARGS = 1, METH_KEYWORDS = 2, METH_O = 8 };
enum { Py_mod_exec = 2 };
enum { Py_tp_hash = 59, Py_tp_richcompare = 67 };
enum { Py_EQ = 2, Py_NE = 3 };
enum { Py_TPFLAGS_DEFAULT = 1 << 18 };
enum { Py_file_input = 257 };

#define PY_FUNCTIONS(X)                                                                            \
  X(void, Py_IncRef, (PyObject *))                                                                 \
  X(void, Py_DecRef, (PyObject *))                                                                 \
  X(int, Py_GetRecursionLimit, (void))                                                             \
  X(PyObject *, PyLong_FromLongLong, (long long))                                                  \
  X(long long, PyLong_AsLongLongAndOverflow, (PyObject *, int *))                                  \
  X(PyObject *, PyBool_FromLong, (long))                                                           \
  X(PyObject *, PyFloat_FromDouble, (double))                                                      \
  X(double, PyFloat_AsDouble, (PyObject *))                                                        \
  X(PyObject *, PyUnicode_FromString, (const char *))                                              \
  X(PyObject *, PyUnicode_FromFormat, (const char *, ...))                                         \
  X(PyObject *, PyUnicode_DecodeUTF8, (const char *, Py_ssize_t, const char *))                    \
  X(PyObject *, PyUnicode_AsEncodedString, (PyObject *, const char *, const char *))               \
  X(int, PyBytes_AsStringAndSize, (PyObject *, char **, Py_ssize_t *))                             \
  X(int, PyUnicode_Compare, (PyObject *, PyObject *))                                              \
  X(PyObject *, PyTuple_New, (Py_ssize_t))                                                         \
  X(Py_ssize_t, PyTuple_Size, (PyObject *))                                                        \
  X(PyObject *, PyTuple_GetItem, (PyObject *, Py_ssize_t))                                         \
  X(int, PyTuple_SetItem, (PyObject *, Py_ssize_t, PyObject *))                                    \
  X(PyObject *, PyList_New, (Py_ssize_t))                                                          \
  X(Py_ssize_t, PyList_Size, (PyObject *))                                                         \
  X(PyObject *, PyList_GetItem, (PyObject *, Py_ssize_t))                                          \
  X(int, PyList_SetItem, (PyObject *, Py_ssize_t, PyObject *))                                     \
  X(int, PyList_Append, (PyObject *, PyObject *))                                                  \
  X(PyObject *, PySet_New, (PyObject *))                                                           \
  X(PyObject *, PyFrozenSet_New, (PyObject *))                                                     \
  X(int, PySet_Add, (PyObject *, PyObject *))                                                      \
  X(int, PySet_Discard, (PyObject *, PyObject *))                                                  \
  X(Py_ssize_t, PySet_Size, (PyObject *))                                                          \
  X(PyObject *, PyDict_New, (void))                                                                \
  X(int, PyDict_SetItem, (PyObject *, PyObject *, PyObject *))                                     \
  X(int, PyDict_SetItemString, (PyObject *, const char *, PyObject *))                             \
  X(int, PyDict_Merge, (PyObject *, PyObject *, int))                                              \
  X(PyObject *, PyDict_GetItemString, (PyObject *, const char *))                                  \
  X(Py_ssize_t, PyDict_Size, (PyObject *))                                                         \
  X(int, PyDict_Next, (PyObject *, Py_ssize_t *, PyObject **, PyObject **))                        \
  X(PyObject *, PyObject_GetIter, (PyObject *))                                                    \
  X(PyObject *, PyIter_Next, (PyObject *))                                                         \
  X(PyObject *, PyObject_GetAttrString, (PyObject *, const char *))                                \
  X(PyObject *, PyObject_CallFunction, (PyObject *, const char *, ...))                            \
  X(PyObject *, PyObject_CallMethod, (PyObject *, const char *, const char *, ...))                \
  X(Py_hash_t, PyObject_Hash, (PyObject *))                                                        \
  X(int, PyObject_IsInstance, (PyObject *, PyObject *))                                            \
  X(PyObject *, PyType_FromSpec, (PyType_Spec *))                                                  \
  X(PyObject *, PyType_GenericAlloc, (PyTypeObject *, Py_ssize_t))                                 \
  X(unsigned long, PyType_GetFlags, (PyTypeObject *))                                              \
  X(PyObject *, PyImport_ImportModule, (const char *))                                             \
  X(PyObject *, PyImport_AddModule, (const char *))                                                \
  X(PyObject *, PyCFunction_NewEx, (PyMethodDef *, PyObject *, PyObject *))                        \
  X(PyObject *, PyModule_GetDict, (PyObject *))                                                    \
  X(PyObject *, PyModuleDef_Init, (PyModuleDef *))                                                 \
  X(PyObject *, Py_CompileString, (const char *, const char *, int))                               \
  X(PyObject *, PyEval_EvalCode, (PyObject *, PyObject *, PyObject *))                             \
  X(PyObject *, PyEval_GetFrame, (void))                                                           \
  X(PyThreadState *, PyEval_SaveThread, (void))                                                    \
  X(void, PyEval_RestoreThread, (PyThreadState *))                                                 \
  X(PyObject *, PySys_GetObject, (const char *))                                                   \
  X(int64_t, PyInterpreterState_GetID, (PyInterpreterState *))                                     \
  X(void *, PyMem_Calloc, (size_t, size_t))                                                         \
  X(void, PyMem_Free, (void *))                                                                    \
  X(int, PyObject_RichCompareBool, (PyObject *, PyObject *, int))                                  \
  X(PyObject *, PyErr_Occurred, (void))                                                            \
  X(int, PyErr_CheckSignals, (void))                                                               \
  X(void, PyErr_Clear, (void))                                                                     \
  X(void, PyErr_SetObject, (PyObject *, PyObject *))                                               \
  X(PyObject *, PyErr_NoMemory, (void))                                                            \
  X(void, PyErr_SetString, (PyObject *, const char *))                                             \
  X(PyObject *, PyErr_Format, (PyObject *, const char *, ...))

#define X(result, name, parameters) extern result name parameters;
PY_FUNCTIONS(X)
#undef X

/* 3.9 and later have the first, 3.8 the second. */
extern PyInterpreterState *PyInterpreterState_Get(void) __attribute__((weak));
extern PyInterpreterState *_PyInterpreterState_Get(void) __attribute__((weak));

/* 3.10 and later; they give whether it was enabled. */
extern int PyGC_Disable(void) __attribute__((weak));
extern int PyGC_Enable(void) __attribute__((weak));

extern PyObject _Py_NoneStruct, _Py_NotImplementedStruct;
extern PyObject *PyExc_ImportError, *PyExc_MemoryError, *PyExc_TypeError, *PyExc_ValueError, *PyExc_OverflowError;
extern PyTypeObject PyBool_Type, PyFloat_Type, PyLong_Type, PyTuple_Type;

#define Py_None (&_Py_NoneStruct)

/* Bits of PyType_GetFlags. */
enum {
  Py_TPFLAGS_LONG_SUBCLASS = 1 << 24, Py_TPFLAGS_LIST_SUBCLASS = 1 << 25, Py_TPFLAGS_TUPLE_SUBCLASS = 1 << 26,
  Py_TPFLAGS_UNICODE_SUBCLASS = 1 << 28, Py_TPFLAGS_DICT_SUBCLASS = 1 << 29
};

#endif
