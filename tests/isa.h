/* SPDX-License-Identifier: MIT
 *
 * The main function of a test program that runs on one instruction set, named by argv[1]. One that
 * this CPU lacks is a visible skip: CTest knows the exit code.
 */
#ifndef PLANEDROP_TESTS_ISA_H
#define PLANEDROP_TESTS_ISA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { EXIT_SKIP = 77 };

/* The instruction set under test. */
const char *isa_under_test(void);

/* Reads argv, prints the instruction set and the seed. Returns 0, or the exit code to end with. */
int isa_begin(int argc, char **argv);

#endif
