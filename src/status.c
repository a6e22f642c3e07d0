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
    static const char *const texts[] = {
        [PLANEDROP_OK] = "success",
        [PLANEDROP_ERR_NULL] = "a pointer is NULL, or the plan is blank or garbage",
        [PLANEDROP_ERR_RATE] = "the rate is not in [0, 1]",
        [PLANEDROP_ERR_SHAPE] = "ndim, dims, noise, whole or first is bad or too large",
        [PLANEDROP_ERR_STRIDE] =
            "elements of y share storage, its axes do not nest, or a stride is too large",
        [PLANEDROP_ERR_DTYPE] = "unknown element type",
        [PLANEDROP_ERR_ISA] = "the instruction set is unknown or this CPU cannot run it",
        [PLANEDROP_ERR_OVERLAP] = "x and y overlap and are not exactly in place",
        [PLANEDROP_ERR_PART] = "part is not below parts",
        [PLANEDROP_ERR_UNSUPPORTED] = "unknown law or flags, or not supported by this build",
    };
    size_t i = (size_t)status;
    return i < sizeof texts / sizeof texts[0] ? texts[i] : "unknown status";
}
