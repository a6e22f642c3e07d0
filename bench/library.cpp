/* SPDX-License-Identifier: MIT
 *
 * Every call of planedrop.
 */
#include "ablation.h"
#include "bench.hpp"
#include "compiler.h"
#include "reference.h"

#include <dlfcn.h>
#include <stdexcept>

namespace {

struct Library {
    decltype(&planedrop_plan_init) plan_init = &planedrop_plan_init;
    decltype(&planedrop_plan_init_isa) plan_init_isa = &planedrop_plan_init_isa;
    decltype(&planedrop_forward) forward = &planedrop_forward;
    decltype(&planedrop_forward_part) forward_part = &planedrop_forward_part;
};

const Library linked;
Library other;

template <class Function> void find(void *library, const char *name, Function *function) {
    *function = reinterpret_cast<Function>(dlsym(library, name));
    if (*function == nullptr) {
        throw std::runtime_error(dlerror());
    }
}

void throw_unless_ok(planedrop_status status) {
    if (status != PLANEDROP_OK) {
        throw std::runtime_error(planedrop_status_string(status));
    }
}

planedrop_plan plan_of(const Row &row, const Library &library) {
    const planedrop_desc desc = desc_of(row);
    planedrop_plan plan = {};
    throw_unless_ok(library.plan_init_isa(&plan, &desc, row.isa->name.c_str()));
    return plan;
}

/* The row times plan_init, which chooses the instruction set itself. */
Call plan_init_call(const Row &row, const Library &library) {
    const planedrop_desc desc = desc_of(row);
    planedrop_plan probe = {};
    throw_unless_ok(library.plan_init(&probe, &desc));
    if (&library == &linked && planedrop_plan_isa(&probe) != row.isa->name) {
        throw std::runtime_error(std::string("the plan is for ") + planedrop_plan_isa(&probe));
    }
    return [&library, desc, calls = row.calls()](const void *, void *, size_t) {
        for (size_t i = 0; i < calls; i++) {
            planedrop_plan plan;
            library.plan_init(&plan, &desc);
        }
    };
}

} // namespace

void load_other(const std::string &path) {
    /* Its calls of its own functions must not end in the library that is linked. */
    void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
    if (library == nullptr) {
        throw std::runtime_error(dlerror());
    }
    find(library, "planedrop_plan_init", &other.plan_init);
    find(library, "planedrop_plan_init_isa", &other.plan_init_isa);
    find(library, "planedrop_forward", &other.forward);
    find(library, "planedrop_forward_part", &other.forward_part);
    if (other.forward == linked.forward) {
        throw std::runtime_error(path + " is the library that this program is linked with");
    }
}

std::string library_version() { return planedrop_version(); }

bool has_gaussian() {
    return planedrop_supports(PLANEDROP_GAUSSIAN, PLANEDROP_STREAM_NATIVE, PLANEDROP_F32) != 0;
}

bool can_run_sleef() {
    bool has_fma = true;
    PD_IF_X86_64(for (size_t i = 0; i < planedrop_cpu_feature_count(); i++) {
        has_fma &= planedrop_cpu_feature_name(i) != std::string("FMA") ||
                   planedrop_cpu_feature_present(i) != 0;
    })
    return has_gaussian() && has_fma;
}

bool is_usable(const std::string &isa) {
    for (size_t i = 0; i < planedrop_isa_count(); i++) {
        if (planedrop_isa_name(i) == isa) {
            return planedrop_isa_usable(i) != 0;
        }
    }
    return false;
}

planedrop_desc desc_of(const Row &r) {
    planedrop_desc desc =
        r.layout == Layout::nchw ? planedrop_desc_nchw(r.dtype, r.n, r.channels, r.spatial, r.rate)
        : r.layout == Layout::nhwc
            ? planedrop_desc_nhwc(r.dtype, r.n, r.spatial, r.channels, r.rate)
        : r.layout == Layout::blocked
            ? planedrop_desc_nchw_blocked(r.dtype, r.n, r.channels, r.spatial, r.block, r.rate)
        : r.layout == Layout::droppath ? planedrop_desc_drop_path(r.dtype, r.n, r.spatial, r.rate)
                                       : planedrop_desc_elementwise(r.dtype, r.spatial, r.rate);
    desc.law = r.variant == Variant::gaussian ? PLANEDROP_GAUSSIAN : PLANEDROP_BERNOULLI;
    desc.flags = r.variant == Variant::accumulate ? PLANEDROP_ACCUMULATE : 0;
    return desc;
}

Call library_call(const Row &row, uint64_t offset) {
    const Library &library = row.build == "other" ? other : linked;
    if (row.kind == Kind::plan_init) {
        return plan_init_call(row, library);
    }
    planedrop_plan plan = plan_of(row, library);
    if (row.without != "nothing" && bench_without(&plan, row.without.c_str()) == 0) {
        return {};
    }
    if (row.threads > 1) {
        return [&library, plan, offset, parts = row.threads](const void *x, void *y, size_t part) {
            library.forward_part(&plan, {0, offset}, part, parts, x, y);
        };
    }
    return [&library, plan, offset, end = offset + row.masks](const void *x, void *y, size_t) {
        for (planedrop_rng rng = {0, offset}; rng.offset < end; rng.offset++) {
            library.forward(&plan, rng, x, y);
        }
    };
}

std::vector<float> multipliers_of(const Row &row, uint64_t offset) {
    const planedrop_plan plan = plan_of(row, linked);
    const planedrop_desc desc = desc_of(row);
    std::vector<float> multipliers(reference_draws(&desc));
    planedrop_mask(&plan, {0, offset}, PLANEDROP_MASK_F32, 0, multipliers.size(),
                   multipliers.data());
    return multipliers;
}
