/* runner.h - runs programs over data sets on threads. */
#ifndef BATTC_RUNNER_H
#define BATTC_RUNNER_H

#include "../program.h"
#include "exit.h"
#include "options.h"

/* Loads the data, runs every program on what it is for, writes result lines and statistics, prints
 * progress on a terminal and a summary at the end (standard output, or standard error where the lines
 * go to standard output). `proto` holds the constant part of the image in [0, image_top); it is only
 * read. The programs are one batt function, or the functions of --entry:
 *   - one with a task in its name runs on the samples of that task, or with --all-pairs of all;
 *   - one without parameters runs once, before the tasks;
 *   - one that has no parameter C is not called a second time.
 * Gives an exit code. Results are the same bytes whatever the number of threads. */
int runner_main(const RunnerOptions *options, const Program *programs, uint32_t nprograms, const Image *image,
                Vm *proto, uint32_t image_top);

#endif
