/* SPDX-License-Identifier: MIT
 *
 * Spatial dropout small enough to check by eye: 4 positions of 3 channels, channels last, under a
 * given mask that keeps the middle channel only, without scaling. planedrop_apply takes a mask of
 * the caller's; planedrop_forward draws one. Exits with 1 if the result is not the expected one.
 */
#include <planedrop/planedrop.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { POSITIONS = 4, CHANNELS = 3 };

static const float INPUT[POSITIONS][CHANNELS] = {{2, 1, 4}, {1, 3, 2}, {5, 2, 6}, {2, 2, 1}};
static const float EXPECTED[POSITIONS][CHANNELS] = {{0, 1, 0}, {0, 3, 0}, {0, 2, 0}, {0, 2, 0}};
static const uint32_t KEEP = 0x2; /* bit c is channel c, 1 = kept: [0, 1, 0] */

static int report(planedrop_status status, const char *what) {
    fprintf(stderr, "worked_case: %s: %s\n", what, planedrop_status_string(status));
    return 1;
}

static void print_row(const float *row) { printf("[%g %g %g]", row[0], row[1], row[2]); }

int main(void) {
    float output[POSITIONS][CHANNELS];

    planedrop_desc desc = planedrop_desc_nhwc(PLANEDROP_F32, 1, POSITIONS, CHANNELS, 0.5);
    desc.flags = PLANEDROP_NO_SCALE;

    planedrop_plan plan;
    planedrop_status status = planedrop_plan_init(&plan, &desc);
    if (status != PLANEDROP_OK)
        return report(status, "plan");
    status = planedrop_apply(&plan, &KEEP, INPUT, output);
    if (status != PLANEDROP_OK)
        return report(status, "apply");

    printf("%d positions (rows) x %d channels (columns)\n\n", POSITIONS, CHANNELS);
    printf("input      keep       output\n");
    for (int i = 0; i < POSITIONS; i++) {
        print_row(INPUT[i]);
        if (i == 0)
            printf("  * [%u %u %u]  =  ", KEEP & 1, KEEP >> 1 & 1, KEEP >> 2 & 1);
        else
            printf("%16s", "");
        print_row(output[i]);
        printf("\n");
    }

    if (memcmp(output, EXPECTED, sizeof output) != 0) {
        fprintf(stderr, "worked_case: the output is not the expected one\n");
        return 1;
    }
    return 0;
}
