/* SPDX-License-Identifier: MIT
 *
 * The part of ggml's interface (ggml.h, github.com/ggml-org/ggml) that the adapters touch, in our
 * own words: the names, types and numbers are ggml's, the rest of its header is left out.
 */
#ifndef STUB_GGML_H
#define STUB_GGML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { GGML_MAX_DIMS = 4, GGML_MAX_SRC = 10, GGML_N_TASKS_MAX = -1 };

enum ggml_type {
    GGML_TYPE_F32 = 0,
    GGML_TYPE_F16 = 1,
    GGML_TYPE_I32 = 26,
    GGML_TYPE_F64 = 28,
    GGML_TYPE_BF16 = 30
};

struct ggml_context;

struct ggml_tensor {
    enum ggml_type type;
    int64_t ne[GGML_MAX_DIMS]; /* elements, innermost axis first: W, H, C, N */
    size_t nb[GGML_MAX_DIMS];  /* strides in bytes */
    struct ggml_tensor *src[GGML_MAX_SRC];
    void *data;
};

/* An operator's task ith of nth; each runs on its own thread. */
typedef void (*ggml_custom1_op_t)(struct ggml_tensor *dst, const struct ggml_tensor *a, int ith,
                                  int nth, void *userdata);
typedef void (*ggml_custom_op_t)(struct ggml_tensor *dst, int ith, int nth, void *userdata);

struct ggml_tensor *ggml_map_custom1(struct ggml_context *ctx, struct ggml_tensor *a,
                                     ggml_custom1_op_t fun, int n_tasks, void *userdata);
struct ggml_tensor *ggml_custom_4d(struct ggml_context *ctx, enum ggml_type type, int64_t ne0,
                                   int64_t ne1, int64_t ne2, int64_t ne3, struct ggml_tensor **args,
                                   int n_args, ggml_custom_op_t fun, int n_tasks, void *userdata);
struct ggml_tensor *ggml_mul(struct ggml_context *ctx, struct ggml_tensor *a,
                             struct ggml_tensor *b);
struct ggml_tensor *ggml_cont(struct ggml_context *ctx, struct ggml_tensor *a);
struct ggml_tensor *ggml_reshape(struct ggml_context *ctx, struct ggml_tensor *a,
                                 struct ggml_tensor *b);
struct ggml_tensor *ggml_reshape_4d(struct ggml_context *ctx, struct ggml_tensor *a, int64_t ne0,
                                    int64_t ne1, int64_t ne2, int64_t ne3);
size_t ggml_type_size(enum ggml_type type);
int ggml_n_dims(const struct ggml_tensor *tensor); /* without outer axes of 1, but at least 1 */
bool ggml_is_contiguous(const struct ggml_tensor *tensor);

void ggml_abort(const char *file, int line, const char *fmt, ...);
#define GGML_ABORT(...) ggml_abort(__FILE__, __LINE__, __VA_ARGS__)

#ifdef __cplusplus
}
#endif

#endif
