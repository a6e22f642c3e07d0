/* SPDX-License-Identifier: MIT
 *
 * The program of a stranger: drops feature maps of a small tensor and checks what the header
 * promises, map by map. It is plain C99 and knows planedrop only by its installed header, and by
 * GAUSSIAN whether that law was built in.
 */
#include <planedrop/planedrop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N = 3, C = 16, SPATIAL = 7, MAPS = N * C };

#define STRING(x)                    #x
#define VERSION(major, minor, patch) STRING(major) "." STRING(minor) "." STRING(patch)

static int failures;

static void check(int ok, const char *what) {
    if (!ok) {
        fprintf(stderr, "consumer: not so: %s\n", what);
        failures++;
    }
}

int main(void) {
    float x[MAPS * SPATIAL], y[MAPS * SPATIAL];
    uint32_t keep[(MAPS + 31) / 32];
    planedrop_plan plan;
    planedrop_rng rng = {42, 7};
    planedrop_desc desc = planedrop_desc_nchw(PLANEDROP_F32, N, C, SPATIAL, 0.25);
    const float scale = (float)(1 / (1 - 0.25));
    int dropped = 0, zeros = 0, wrong = 0;

    for (int i = 0; i < MAPS * SPATIAL; i++) {
        x[i] = (float)(i + 1);
        y[i] = -1;
    }
    check(planedrop_plan_init(&plan, &desc) == PLANEDROP_OK, "the plan is accepted");
    desc.rate = strtod("nan", NULL); /* not a constant, which -ffast-math would take for a number */
    check(planedrop_plan_init(&plan, &desc) == PLANEDROP_ERR_RATE, "a rate of NaN is refused");
    check(planedrop_plan_draws(&plan) == MAPS, "there is one draw for each feature map");
    check(planedrop_mask(&plan, rng, PLANEDROP_MASK_BITS, 0, MAPS, keep) == PLANEDROP_OK,
          "the mask is drawn");
    check(planedrop_forward(&plan, rng, x, y) == PLANEDROP_OK, "the tensor is computed");
    if (failures != 0)
        return 1;

    for (int map = 0; map < MAPS; map++) {
        int kept = keep[map / 32] >> map % 32 & 1;
        dropped += !kept;
        for (int i = map * SPATIAL; i < (map + 1) * SPATIAL; i++) {
            zeros += y[i] == 0;
            wrong += y[i] != (kept ? x[i] * scale : 0);
        }
    }
    check(wrong == 0, "every map is scaled or zero, as the mask says");
    check(zeros == dropped * SPATIAL, "the zeros are those of the dropped maps");
    check(dropped > 0 && dropped < MAPS / 2, "about a quarter of the maps is dropped");

    desc.rate = 2;
    check(planedrop_plan_init(&plan, &desc) == PLANEDROP_ERR_RATE, "a rate of 2 is refused");
    desc.law = PLANEDROP_GAUSSIAN;
    desc.rate = 0.25;
    check(planedrop_plan_init(&plan, &desc) ==
              (GAUSSIAN ? PLANEDROP_OK : PLANEDROP_ERR_UNSUPPORTED),
          "the Gaussian law is there if the library has SLEEF");
    check(planedrop_supports(PLANEDROP_GAUSSIAN, PLANEDROP_STREAM_NATIVE, PLANEDROP_F32) ==
              GAUSSIAN,
          "the library says whether the Gaussian law is there");
    check(strcmp(planedrop_version(), VERSION(PLANEDROP_VERSION_MAJOR, PLANEDROP_VERSION_MINOR,
                                              PLANEDROP_VERSION_PATCH)) == 0,
          "the library has the header's version");
    check(planedrop_version_number() == PLANEDROP_VERSION_MAJOR * 10000 +
                                            PLANEDROP_VERSION_MINOR * 100 + PLANEDROP_VERSION_PATCH,
          "the library has the header's version number");

    printf("planedrop %s on %s: %d of %d maps dropped\n", planedrop_version(),
           planedrop_plan_isa(&plan), dropped, MAPS);
    return failures != 0;
}
