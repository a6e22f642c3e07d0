/* SPDX-License-Identifier: MIT
 *
 * Choosing how a tensor meets the caches.
 */
#ifndef PD_PATH_H
#define PD_PATH_H

#include "backend.h"
#include "shape.h"

/* What the choice depends on. */
struct pd_path_case {
    const struct pd_view *view;
    size_t elem_bytes, lanes;
    size_t cache_bytes; /* of the last level; 0 = unknown */
    double rate;
    enum pd_mode mode;
    int in_place, keep_cached;
};

struct pd_path pd_path_choose(const struct pd_path_case *c);

#endif
