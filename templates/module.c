
/* ---- the module ---- */
#include "python/objects.h"

const CompiledModule compiled = {.name = MODULE_NAME, .programs = programs, .nprograms = PROGRAMS, .image_top = IMAGE_TOP,
                                 .image = &image, .key = MODULE_KEY, .start = start};

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, (void *)module_start}, {0, NULL}};
static PyModuleDef module_definition = {.ob_base = {1, NULL}, .m_name = MODULE_NAME, .m_methods = module_methods, .m_slots = module_slots};

__attribute__((visibility("default"))) PyObject *MODULE_INIT(void) { return module_init(&module_definition, MODULE_SYMBOL); }
