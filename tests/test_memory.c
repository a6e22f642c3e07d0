/* SPDX-License-Identifier: MIT
 *
 * What is touched, seen through page protection: accumulating leaves dropped elements unwritten,
 * and dropped planes are not read.
 */
#define _DEFAULT_SOURCE
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static unsigned char *map(size_t bytes) {
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) {
        fail_msg("mmap of %zu bytes", bytes);
    }
    return p;
}

/* y lies on pages that cannot be written but for the one whose elements the mask keeps. */
static void accumulate_writes_what_is_kept(int32_t dtype) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), elements = page / dtype_bytes(dtype);
    unsigned char *x = map(3 * page), *y = map(3 * page);
    uint32_t *keep = calloc(3 * elements / 32 + 1, sizeof *keep);
    for (size_t i = 0; i < 3 * elements; i++) {
        dtype_set(dtype, x, i, 1);
        dtype_set(dtype, y, i, 2);
    }
    for (size_t i = elements; i < 2 * elements; i += 3) {
        keep[i / 32] |= UINT32_C(1) << i % 32;
    }
    planedrop_desc rows = planedrop_desc_elementwise(dtype, 3 * elements - 1, 0.5);
    planedrop_desc planes = planedrop_desc_nchw(dtype, 1, 3, elements, 0.5);
    rows.flags = planes.flags = PLANEDROP_ACCUMULATE;
    planedrop_plan plan;
    assert_int_equal(mprotect(y, page, PROT_READ), 0);
    assert_int_equal(mprotect(y + 2 * page, page, PROT_READ), 0);

    fence_case("%s: accumulating rows onto pages that cannot be written", isa_under_test());
    assert_ok(planedrop_plan_init_isa(&plan, &rows, isa_under_test()));
    assert_ok(planedrop_apply(&plan, keep, x, y));
    for (size_t i = 0; i < 3 * elements; i++) {
        const int kept = i >= elements && i < 2 * elements && (i - elements) % 3 == 0;
        assert_true(dtype_value(dtype, y, i) == (kept ? 4 : 2));
    }

    fence_case("%s: accumulating planes onto pages that cannot be written", isa_under_test());
    keep[0] = 2;
    assert_ok(planedrop_plan_init_isa(&plan, &planes, isa_under_test()));
    assert_ok(planedrop_apply(&plan, keep, x, y));
    assert_true(dtype_value(dtype, y, elements - 1) == 2);
    assert_true(dtype_value(dtype, y, elements) == 6);
    assert_true(dtype_value(dtype, y, 2 * elements) == 2);
    munmap(x, 3 * page);
    munmap(y, 3 * page);
    free(keep);
}

/* A lane that is dropped must not be written even with its old value: with kept neighbours in its
 * vector, only the page boundary in the middle of a vector shows it. */
static void accumulate_splits_a_vector(int32_t dtype) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    unsigned char *x = map(2 * page), *y = map(2 * page);
    planedrop_desc desc = planedrop_desc_elementwise(dtype, 64, 0.5);
    desc.flags = PLANEDROP_ACCUMULATE;
    planedrop_plan plan;
    assert_ok(planedrop_plan_init_isa(&plan, &desc, isa_under_test()));
    assert_int_equal(mprotect(y + page, page, PROT_READ), 0);
    for (size_t before = 1; before < 64; before++) { /* elements on the page that can be written */
        const uint64_t kept = (UINT64_C(1) << before) - 1;
        const uint32_t keep[2] = {(uint32_t)kept, (uint32_t)(kept >> 32)};
        fence_case("%s: %zu elements before a page that cannot be written", isa_under_test(),
                   before);
        assert_ok(planedrop_apply(&plan, keep, x, y + page - before * dtype_bytes(dtype)));
    }
    munmap(x, 2 * page);
    munmap(y, 2 * page);
}

static void dropped_planes_are_not_read(int32_t dtype) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), elements = page / dtype_bytes(dtype);
    unsigned char *x = map(3 * page), *y = map(3 * page);
    const uint32_t keep = 5; /* planes 0 and 2 */
    const planedrop_desc desc = planedrop_desc_nchw(dtype, 1, 3, elements, 0.5);
    planedrop_plan plan;
    assert_ok(planedrop_plan_init_isa(&plan, &desc, isa_under_test()));
    assert_int_equal(mprotect(x + page, page, PROT_NONE), 0);
    fence_case("%s: the dropped plane cannot be read", isa_under_test());
    assert_ok(planedrop_apply(&plan, &keep, x, y));
    munmap(x, 3 * page);
    munmap(y, 3 * page);
}

int main(int argc, char **argv) {
    static const struct dtype_test tests[] = {
        {"accumulate_writes_what_is_kept", accumulate_writes_what_is_kept},
        {"accumulate_splits_a_vector", accumulate_splits_a_vector},
        {"dropped_planes_are_not_read", dropped_planes_are_not_read},
    };
    const int code = isa_begin(argc, argv);
    return code != 0 ? code : dtype_run_tests("memory", tests, sizeof tests / sizeof tests[0]);
}
