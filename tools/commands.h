/* SPDX-License-Identifier: MIT
 *
 * The commands of the tool. Each takes the arguments after its name and returns the exit code: 0,
 * 1 (selftest alone: the library is broken) or 2, after one line on standard error.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

#include <planedrop/planedrop.h>

enum { EXIT_DONE = 0, EXIT_BROKEN = 1, EXIT_REFUSED = 2 };

int command_apply(int argc, char **argv);
int command_info(int argc, char **argv);
int command_mask(int argc, char **argv);
int command_selftest(int argc, char **argv);

/* Prints "planedrop: ..." as a line on standard error. Returns EXIT_REFUSED. */
int complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Plans for the instruction set that --isa names; NULL: for the one that the library chooses. */
planedrop_status plan_for(const char *isa, planedrop_plan *plan, const planedrop_desc *desc);

#endif
