/* SPDX-License-Identifier: MIT
 *
 * The part of utils.h of darknet's fork that the adapter touches, in our own words.
 */
#ifndef STUB_UTILS_H
#define STUB_UTILS_H

#define DARKNET_LOC __FILE__, __func__, __LINE__

/* Prints and ends the process. */
void error(const char *const msg, const char *const filename, const char *const funcname,
           const int line);

#endif
