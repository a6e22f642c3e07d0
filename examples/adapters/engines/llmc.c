/* SPDX-License-Identifier: MIT
 *
 * Plays llm.c: activations and gradients are slices of one arena, at any multiple of 4 bytes;
 * gradients add up and start from 0; a residual joins what a layer made. The names are those of
 * gpt2_forward and gpt2_backward. The tensor has more than one part. With the argument `refuse` it
 * asks for an impossible rate: the process must end with a message.
 */
#include "llmc_dropout.h"

#include "check.h"
#include <string.h>

enum { B = 1, T = 181, C = 241, COUNT = B * T * C, SLICES = 6, GAP = 1, LAYER = 2, STEP = 17 };

struct model {
    struct dropout dropout;
};

static float arena[GAP + SLICES * COUNT];
static float *const residual = arena + GAP, *const l_attproj = arena + GAP + COUNT;
static float *const l_residual2 = arena + GAP + 2 * COUNT;
static float *const dresidual = arena + GAP + 3 * COUNT;
static float *const dl_attproj = arena + GAP + 4 * COUNT;
static float *const dl_residual2 = arena + GAP + 5 * COUNT;

static void residual_forward(float *out, const float *inp1, const float *inp2, int N) {
    for (int i = 0; i < N; i++) {
        out[i] = inp1[i] + inp2[i];
    }
}

static void residual_backward(float *dinp1, float *dinp2, const float *dout, int N) {
    for (int i = 0; i < N; i++) {
        dinp1[i] += dout[i], dinp2[i] += dout[i];
    }
}

static void forward_in_place(const struct model *model, int l) {
    dropout_forward(l_attproj, l_attproj, B, T, C, model->dropout, 2 * l + 1);
    residual_forward(l_residual2, residual, l_attproj, B * T * C);
}

static void backward_in_place(const struct model *model, int l) {
    residual_backward(dresidual, dl_attproj, dl_residual2, B * T * C);
    dropout_backward(dl_attproj, dl_attproj, B, T, C, model->dropout, 2 * l + 1);
}

static void forward_out_of_place(const struct model *model, int l) {
    dropout_forward(l_residual2, l_attproj, B, T, C, model->dropout, 2 * l + 1);
    residual_forward(l_residual2, residual, l_residual2, B * T * C);
}

static void backward_out_of_place(const struct model *model, int l) {
    dropout_backward(dl_attproj, dl_residual2, B, T, C, model->dropout, 2 * l + 1);
    for (size_t i = 0; i < (size_t)B * T * C; i++) {
        dresidual[i] += dl_residual2[i];
    }
}

static void begin_step(struct model *model, float rate, uint64_t step) {
    model->dropout = (struct dropout){rate, 1337, step};
}

static void end_step(struct model *model) {
    model->dropout.rate = 0; /* validation and sampling copy bit for bit */
}

static void trains(void (*forward)(const struct model *model, int l),
                   void (*backward)(const struct model *model, int l), const float *multipliers,
                   float *out) {
    static float dropped[COUNT], want[COUNT];
    struct model model = {{0, 0, 0}}; /* as gpt2_build_from_checkpoint leaves it */
    for (int training = 1; training >= 0; training--) {
        fill(residual, 2 * COUNT), fill(dresidual, COUNT), fill(dl_residual2, COUNT);
        memset(dl_attproj, 0, COUNT * sizeof *dl_attproj); /* gpt2_zero_grad */
        if (training) {
            begin_step(&model, 0.1f, STEP);
        }
        memcpy(dropped, l_attproj, sizeof dropped);
        if (training) {
            drop_by_hand(dropped, l_attproj, multipliers, COUNT, 1);
        }
        residual_forward(want, residual, dropped, COUNT);
        forward(&model, LAYER);
        check_equal(l_residual2, want, sizeof want, "forward is the residual and the product");
        if (training) {
            memcpy(out, l_residual2, sizeof want);
            drop_by_hand(dropped, dl_residual2, multipliers, COUNT, 1);
            residual_forward(want, dresidual, dl_residual2, COUNT);
            backward(&model, LAYER);
            check_equal(dl_attproj, dropped, sizeof dropped, "the gradient is the product");
            check_equal(dresidual, want, sizeof want, "the residual's gradient passes whole");
        }
        end_step(&model);
    }
}

int main(int argc, char **argv) {
    struct model model;
    static float multipliers[COUNT], first[COUNT], again[COUNT];
    const planedrop_desc desc = planedrop_desc_elementwise(PLANEDROP_F32, COUNT, (double)0.1f);
    const planedrop_rng rng = {1337, STEP << 16 | (2 * LAYER + 1)};
    begin_step(&model, argc > 1 && strcmp(argv[1], "refuse") == 0 ? 1.5f : 0.1f, STEP + 1);
    draw(multipliers, &desc, rng);
    trains(forward_in_place, backward_in_place, multipliers, first);
    trains(forward_out_of_place, backward_out_of_place, multipliers, again);
    check_equal(again, first, sizeof first, "both placements");

    fill(residual, 2 * COUNT);
    forward_in_place(&model, LAYER);
    check(memcmp(l_residual2, first, sizeof first) != 0, "another step draws another mask");
    begin_step(&model, 0.1f, STEP);
    fill(dl_residual2, COUNT), fill(dl_attproj, COUNT), fill(again, COUNT);
    add_by_hand(again, dl_residual2, multipliers, COUNT, 1);
    dropout_backward(dl_attproj, dl_residual2, B, T, C, model.dropout, 2 * LAYER + 1);
    check_equal(dl_attproj, again, sizeof again, "out of place the gradient is added");
    return 0;
}
