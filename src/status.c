/* SPDX-License-Identifier: MIT
 *
 * The texts: what a status means, and the version.
 */
#include "planedrop/planedrop.h"

#include <stddef.h>

#define PD_TEXT(x)                     #x
#define PD_DOTTED(major, minor, patch) PD_TEXT(major) "." PD_TEXT(minor) "." PD_TEXT(patch)

const char *planedrop_version(void) {
    return PD_DOTTED(PLANEDROP_VERSION_MAJOR, PLANEDROP_VERSION_MINOR, PLANEDROP_VERSION_PATCH);
}

const char *planedrop_status_string(planedrop_status status) {
    switch (status) {
    case PLANEDROP_OK:
        return "success";
    case PLANEDROP_ERR_NULL:
        return "a pointer is NULL, or the plan is blank or garbage";
    case PLANEDROP_ERR_RATE:
        return "the rate is not in [0, 1]";
    case PLANEDROP_ERR_SHAPE:
        return "ndim, dims, noise, whole or first is bad or too large";
    case PLANEDROP_ERR_STRIDE:
        return "elements of y share storage, its axes do not nest, or a stride is too large";
    case PLANEDROP_ERR_DTYPE:
        return "unknown element type";
    case PLANEDROP_ERR_ISA:
        return "the instruction set is unknown or this CPU cannot run it";
    case PLANEDROP_ERR_OVERLAP:
        return "x and y overlap and are not exactly in place";
    case PLANEDROP_ERR_PART:
        return "part is not below parts";
    case PLANEDROP_ERR_UNSUPPORTED:
        return "unknown law or flags, or not supported by this build";
    }
    return "unknown status";
}
