/* SPDX-License-Identifier: MIT
 *
 * The baseline half of the vocabulary test: see test_vocabulary.c.
 */
#include "isa.h"
#include "vocabulary.h"

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vocabulary_lanes),
        cmocka_unit_test(vocabulary_prefetch_faults_nowhere),
        cmocka_unit_test(vocabulary_selection),
        cmocka_unit_test(vocabulary_arithmetic),
        cmocka_unit_test(vocabulary_zip),
        cmocka_unit_test(vocabulary_sleef),
        cmocka_unit_test(vocabulary_memory),
        cmocka_unit_test(vocabulary_masks),
        cmocka_unit_test(vocabulary_masked_store_faults_nowhere),
        cmocka_unit_test(vocabulary_where),
        cmocka_unit_test(vocabulary_f64),
        cmocka_unit_test(vocabulary_widen_f64),
        cmocka_unit_test(vocabulary_bf16),
        cmocka_unit_test(vocabulary_f16),
    };
    const int code = isa_begin(argc, argv);
    return code != 0 ? code : cmocka_run_group_tests_name("vocabulary", tests, NULL, NULL);
}
