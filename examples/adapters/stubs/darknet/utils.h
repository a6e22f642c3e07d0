/* SPDX-License-Identifier: MIT
 *
 * The part of darknet's utils.h that the adapter touches, in our own words.
 */
#ifndef STUB_UTILS_H
#define STUB_UTILS_H

void error(const char *s); /* prints and ends the process */

#endif
