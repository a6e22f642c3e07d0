/* SPDX-License-Identifier: MIT
 *
 * Plays llm.c: activations and gradients are slices of one arena, at any multiple of 4 bytes, and
 * gradients add up, except in place. The tensor has more than one part. With the argument `refuse`
 * it asks for an impossible rate: the process must end with a message.
 */
#include "llmc_dropout.h"

#include "check.h"
#include <string.h>

enum { B = 3, T = 61, C = 241, COUNT = B * T * C, SLICES = 4, GAP = 1 };

int main(int argc, char **argv) {
    const float rate = argc > 1 && strcmp(argv[1], "refuse") == 0 ? 1.5f : 0.1f;
    static float arena[GAP + SLICES * COUNT];
    float *inp = arena + GAP, *out = inp + COUNT, *dout = out + COUNT, *dinp = dout + COUNT;
    static float multipliers[COUNT], want[COUNT];
    const planedrop_desc desc = planedrop_desc_elementwise(PLANEDROP_F32, COUNT, (double)0.1f);
    const planedrop_rng rng = {3, 17 * 12 + 5}; /* step 17, layer 5 of 12 */
    draw(multipliers, &desc, rng);
    fill(inp, COUNT), fill(dout, COUNT), fill(dinp, COUNT);

    dropout_forward(out, inp, B, T, C, rate, rng);
    drop_by_hand(want, inp, multipliers, COUNT, 1);
    check_equal(out, want, sizeof want, "forward is the product with the mask");

    memcpy(want, dinp, sizeof want);
    dropout_backward(dinp, dout, B, T, C, rate, rng);
    add_by_hand(want, dout, multipliers, COUNT, 1);
    check_equal(dinp, want, sizeof want, "backward adds the product with the mask");

    drop_by_hand(want, inp, multipliers, COUNT, 1);
    dropout_forward(inp, inp, B, T, C, rate, rng);
    check_equal(inp, want, sizeof want, "forward in place");
    drop_by_hand(want, dout, multipliers, COUNT, 1);
    dropout_backward(dout, dout, B, T, C, rate, rng);
    check_equal(dout, want, sizeof want, "backward in place adds nothing to the gradient");
    return 0;
}
