/* SPDX-License-Identifier: MIT
 *
 * The texts of statuses, and the version.
 */
#include "planedrop/planedrop.h"

#include <assert.h>

#define PD_TEXT(x)                     #x
#define PD_DOTTED(major, minor, patch) PD_TEXT(major) "." PD_TEXT(minor) "." PD_TEXT(patch)

const char *planedrop_version(void) {
    return PD_DOTTED(PLANEDROP_VERSION_MAJOR, PLANEDROP_VERSION_MINOR, PLANEDROP_VERSION_PATCH);
}

uint32_t planedrop_version_number(void) {
    return PLANEDROP_VERSION_MAJOR * 10000 + PLANEDROP_VERSION_MINOR * 100 +
           PLANEDROP_VERSION_PATCH;
}

/* In the order of planedrop_status. */
static const char *const texts[] = {
    "success",
    "a pointer must not be NULL",
    "size or a reserved field is not of this version: start from the _INIT value",
    "the plan must be initialised by this library",
    "dtype must be a planedrop_dtype",
    "law must be a planedrop_law",
    "stream must be a planedrop_stream",
    "an unknown flag, or strides without PLANEDROP_X_STRIDED or PLANEDROP_Y_STRIDED",
    "the form of a mask or the direction must be one that the function takes",
    "the law does not go with the stream, with a flag or with a mask of bits",
    "this build of the library lacks it (the Gaussian law needs SLEEF)",
    "rate must be in [0, 1], for the Gaussian law in [0, 1)",
    "ndim must be 1 to 8, noise 1 or dims, and the window inside global_noise",
    "a size or a stride is too large to address",
    "elements of y must not share storage: y has a stride of 0",
    "the axes of y must nest: one strides over less than the finer ones span",
    "backward writes x's layout, whose elements must not share storage",
    "the instruction set is unknown, or this CPU cannot run it",
    "an address must be a multiple of its element's alignment",
    "input and output must be exactly in place or share no element",
    "PLANEDROP_ACCUMULATE must not be in place",
    "part must be below parts",
    "first + count must not exceed the number of draws",
};
static_assert(sizeof texts / sizeof texts[0] == PLANEDROP_ERR_RANGE + 1, "a text for each status");

const char *planedrop_status_string(planedrop_status status) {
    return (unsigned)status <= PLANEDROP_ERR_RANGE ? texts[status] : "unknown status";
}
