/* SPDX-License-Identifier: MIT
 *
 * What the size of the cache is read from: tables of CPUID leaves.
 */
#include "isa.h"

#include "cpu.h"

#include <string.h>

enum { KIB = 1 << 10, MIB = 1 << 20 };
enum { DATA = 1, CODE = 2, BOTH = 3 }; /* types of cache */
enum { INTEL = 4 };                    /* leaves */
#define AMD UINT32_C(0x8000001d)

struct subleaf {
    unsigned leaf, type, ways, partitions, line, sets;
};
static const struct subleaf *table;
static size_t table_count, reads;

/* A CPU that has the rows of the table. Of others all registers are 0, but for bits that say
 * nothing about the type. */
static void cpuid_of_table(unsigned leaf, unsigned subleaf, unsigned reg[4]) {
    unsigned found = 0;
    memset(reg, 0, 4 * sizeof reg[0]);
    assert_true(leaf == INTEL || leaf == AMD);
    reads++;
    for (size_t i = 0; i < table_count; i++) {
        if (table[i].leaf == leaf && found++ == subleaf) {
            reg[0] = table[i].type | 0xfc004120;
            reg[1] =
                (table[i].ways - 1) << 22 | (table[i].partitions - 1) << 12 | (table[i].line - 1);
            reg[2] = table[i].sets - 1;
            reg[3] = 0xffffffff;
        }
    }
}

static size_t cache_of(const struct subleaf *rows, size_t count) {
    table = rows;
    table_count = count;
    reads = 0;
    return pd_cache_of(cpuid_of_table);
}
#define CACHE_OF(rows) cache_of(rows, sizeof(rows) / sizeof(rows)[0])

static void cache_of_cpus(void **state) {
    static const struct subleaf xeon[] = {
        {INTEL, DATA, 8, 1, 64, 64},
        {INTEL, CODE, 8, 1, 64, 64},
        {INTEL, BOTH, 16, 1, 64, 1024},
        {INTEL, BOTH, 11, 1, 64, 57344},
    };
    static const struct subleaf epyc[] = {
        {AMD, DATA, 8, 1, 64, 64},
        {AMD, CODE, 8, 1, 64, 64},
        {AMD, BOTH, 8, 1, 64, 1024},
        {AMD, BOTH, 16, 1, 64, 32768},
    };
    static const struct subleaf both_leaves[] = {
        {INTEL, BOTH, 4, 1, 64, 64},
        {AMD, BOTH, 8, 1, 64, 64},
    };
    (void)state;
    assert_int_equal(CACHE_OF(xeon), 38.5 * MIB);
    assert_int_equal(CACHE_OF(epyc), 32 * MIB);
    assert_int_equal(CACHE_OF(both_leaves), 32 * KIB);
    assert_int_equal(cache_of(xeon, 1), 32 * KIB);
}

/* No leaves: all registers are 0, as of a CPU whose last leaf comes before them. */
static void cache_of_none(void **state) {
    (void)state;
    assert_int_equal(cache_of(NULL, 0), 0);
    assert_int_equal(reads, 2);
}

static void code_is_ignored(void **state) {
    static const struct subleaf largest_is_code[] = {
        {INTEL, DATA, 8, 1, 64, 64},
        {INTEL, CODE, 16, 1, 64, 65536},
        {INTEL, BOTH, 8, 1, 64, 128},
    };
    static const struct subleaf code_alone[] = {{INTEL, CODE, 16, 1, 64, 65536}};
    (void)state;
    assert_int_equal(CACHE_OF(largest_is_code), 64 * KIB);
    assert_int_equal(CACHE_OF(code_alone), 0);
}

/* The largest, wherever it stands. Every factor counts, and the product has more than 32 bits. */
static void cache_of_any_order(void **state) {
    static const struct subleaf rows[] = {
        {INTEL, BOTH, 1024, 1024, 4096, 1u << 20},
        {INTEL, DATA, 3, 5, 128, 7},
    };
    (void)state;
    if (sizeof(size_t) < 8) {
        print_message("SKIPPED: a size has 32 bits\n");
        skip();
    }
    assert_true(CACHE_OF(rows) == (uint64_t)1 << 52);
    assert_int_equal(cache_of(rows + 1, 1), 3 * 5 * 128 * 7);
}

/* A CPU (or an emulator) that never ends its list: no more than 16 subleaves are read. */
static void cache_of_endless_lists(void **state) {
    struct subleaf rows[40];
    (void)state;
    for (size_t i = 0; i < 20; i++) {
        const struct subleaf intel = {INTEL, BOTH, 1, 1, 64, 64 + (unsigned)i};
        const struct subleaf amd = {AMD, BOTH, 1, 1, 64, 32 + (unsigned)i};
        rows[i] = intel;
        rows[20 + i] = amd;
    }
    assert_int_equal(CACHE_OF(rows), 64 * (64 + 15));
    assert_int_equal(reads, 32);
    assert_int_equal(cache_of(rows + 20, 20), 64 * (32 + 15));
}

/* Of this CPU: not less than a cache can have, and not more. */
static void cache_of_this_cpu(void **state) {
    const size_t bytes = pd_cpu_read_cache();
    (void)state;
    assert_true(bytes == 0 || (bytes >= 16 * KIB && bytes / MIB <= 64 * KIB));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cache_of_cpus),          cmocka_unit_test(cache_of_none),
        cmocka_unit_test(code_is_ignored),        cmocka_unit_test(cache_of_any_order),
        cmocka_unit_test(cache_of_endless_lists), cmocka_unit_test(cache_of_this_cpu),
    };
    return cmocka_run_group_tests_name("cpu", tests, NULL, NULL);
}
