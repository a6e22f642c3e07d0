/* SPDX-License-Identifier: MIT
 *
 * The texts: which rule a status says was broken, and the version.
 */
#include "planedrop/planedrop.h"

#define PD_TEXT(x)                     #x
#define PD_DOTTED(major, minor, patch) PD_TEXT(major) "." PD_TEXT(minor) "." PD_TEXT(patch)

const char *planedrop_version(void) {
    return PD_DOTTED(PLANEDROP_VERSION_MAJOR, PLANEDROP_VERSION_MINOR, PLANEDROP_VERSION_PATCH);
}

uint32_t planedrop_version_number(void) {
    return PLANEDROP_VERSION_MAJOR * 10000 + PLANEDROP_VERSION_MINOR * 100 +
           PLANEDROP_VERSION_PATCH;
}

const char *planedrop_status_string(planedrop_status status) {
    switch (status) {
    case PLANEDROP_OK:
        return "success";
    case PLANEDROP_ERR_NULL:
        return "a pointer must not be NULL";
    case PLANEDROP_ERR_VERSION:
        return "size or a reserved field is not of this version: start from the _INIT value";
    case PLANEDROP_ERR_PLAN:
        return "the plan must be initialised by this library";
    case PLANEDROP_ERR_DTYPE:
        return "dtype must be a planedrop_dtype";
    case PLANEDROP_ERR_LAW:
        return "law must be a planedrop_law";
    case PLANEDROP_ERR_STREAM:
        return "stream must be a planedrop_stream";
    case PLANEDROP_ERR_FLAGS:
        return "an unknown flag, or strides without PLANEDROP_X_STRIDED or PLANEDROP_Y_STRIDED";
    case PLANEDROP_ERR_FORM:
        return "the form of a mask or the direction must be one that the function takes";
    case PLANEDROP_ERR_COMBINATION:
        return "the law does not go with the stream, with a flag or with a mask of bits";
    case PLANEDROP_ERR_UNSUPPORTED:
        return "this build of the library lacks it (the Gaussian law needs SLEEF)";
    case PLANEDROP_ERR_RATE:
        return "rate must be in [0, 1], for the Gaussian law in [0, 1)";
    case PLANEDROP_ERR_SHAPE:
        return "ndim must be 1 to 8, noise 1 or dims, and the window inside global_noise";
    case PLANEDROP_ERR_OVERFLOW:
        return "a size or a stride is too large to address";
    case PLANEDROP_ERR_Y_SHARED:
        return "elements of y must not share storage: y has a stride of 0";
    case PLANEDROP_ERR_Y_NESTING:
        return "the axes of y must nest: one strides over less than the finer ones span";
    case PLANEDROP_ERR_BROADCAST:
        return "backward writes x's layout, whose elements must not share storage";
    case PLANEDROP_ERR_ISA:
        return "the instruction set is unknown, or this CPU cannot run it";
    case PLANEDROP_ERR_ALIGN:
        return "an address must be a multiple of its element's size";
    case PLANEDROP_ERR_OVERLAP:
        return "input and output must be exactly in place or share no element";
    case PLANEDROP_ERR_IN_PLACE:
        return "PLANEDROP_ACCUMULATE must not be in place";
    case PLANEDROP_ERR_PART:
        return "part must be below parts";
    case PLANEDROP_ERR_RANGE:
        return "first + count must not exceed the number of draws";
    }
    return "unknown status";
}
