/* SPDX-License-Identifier: MIT
 *
 * planedrop: dropout kernels for inference and training engines.
 *
 * A tensor x of shape `dims` is multiplied by a random mask of shape `noise`, which is broadcast
 * along the axes where it is 1. noise = (N, C, 1) over dims = (N, C, H*W) is spatial dropout: whole
 * feature maps are kept or dropped. noise = dims is elementwise dropout. The mask is never stored:
 * it is a function of (seed, offset, draw index) alone, so the backward pass, another thread,
 * another machine and another instruction set redraw exactly the same one.
 *
 * Every function may be called from any number of threads at once. None allocates, locks, prints,
 * aborts, starts a thread or changes errno or the floating-point environment.
 */
#ifndef PLANEDROP_PLANEDROP_H
#define PLANEDROP_PLANEDROP_H

#include <stddef.h>
#include <stdint.h>

#define PLANEDROP_VERSION_MAJOR 0
#define PLANEDROP_VERSION_MINOR 1
#define PLANEDROP_VERSION_PATCH 0

/* PLANEDROP_API marks what a shared library exports; define it as nothing to export nothing. */
#if defined(__GNUC__) && !defined(PLANEDROP_API)
#define PLANEDROP_API __attribute__((visibility("default")))
#elif !defined(PLANEDROP_API)
#define PLANEDROP_API
#endif

/* PLANEDROP_PREFIX, defined alike for the library and its users, comes before every external name
 * (engine_ makes engine_planedrop_forward), so that one process can hold two versions. */
#ifdef PLANEDROP_PREFIX
#define PLANEDROP_PASTE_OF(prefix, name) prefix##name
#define PLANEDROP_PASTE(prefix, name)    PLANEDROP_PASTE_OF(prefix, name)
#define PLANEDROP_NAME(name)             PLANEDROP_PASTE(PLANEDROP_PREFIX, name)
#define planedrop_apply                  PLANEDROP_NAME(planedrop_apply)
#define planedrop_apply_part             PLANEDROP_NAME(planedrop_apply_part)
#define planedrop_backward               PLANEDROP_NAME(planedrop_backward)
#define planedrop_backward_part          PLANEDROP_NAME(planedrop_backward_part)
#define planedrop_forward                PLANEDROP_NAME(planedrop_forward)
#define planedrop_forward_part           PLANEDROP_NAME(planedrop_forward_part)
#define planedrop_isa_count              PLANEDROP_NAME(planedrop_isa_count)
#define planedrop_isa_name               PLANEDROP_NAME(planedrop_isa_name)
#define planedrop_isa_usable             PLANEDROP_NAME(planedrop_isa_usable)
#define planedrop_mask                   PLANEDROP_NAME(planedrop_mask)
#define planedrop_multipliers            PLANEDROP_NAME(planedrop_multipliers)
#define planedrop_once                   PLANEDROP_NAME(planedrop_once)
#define planedrop_plan_draws             PLANEDROP_NAME(planedrop_plan_draws)
#define planedrop_plan_init              PLANEDROP_NAME(planedrop_plan_init)
#define planedrop_plan_init_isa          PLANEDROP_NAME(planedrop_plan_init_isa)
#define planedrop_plan_isa               PLANEDROP_NAME(planedrop_plan_isa)
#define planedrop_status_string          PLANEDROP_NAME(planedrop_status_string)
#define planedrop_version                PLANEDROP_NAME(planedrop_version)
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define PLANEDROP_MAX_NDIM 8

/* What every fallible function returns. On anything but PLANEDROP_OK nothing has been written. */
typedef enum planedrop_status {
    PLANEDROP_OK = 0,
    PLANEDROP_ERR_NULL,       /* a pointer is NULL, or the plan is blank or garbage */
    PLANEDROP_ERR_RATE,       /* rate is not in [0, 1] (or NaN); Gaussian: not in [0, 1) */
    PLANEDROP_ERR_SHAPE,      /* ndim, dims, noise, whole or first: bad, or too large to address */
    PLANEDROP_ERR_STRIDE,     /* y's elements share storage or its axes do not nest, or overflow */
    PLANEDROP_ERR_DTYPE,      /* not a planedrop_dtype */
    PLANEDROP_ERR_ISA,        /* the instruction set is unknown, or this CPU cannot run it */
    PLANEDROP_ERR_OVERLAP,    /* x and y overlap and are not exactly in place */
    PLANEDROP_ERR_PART,       /* part >= parts */
    PLANEDROP_ERR_UNSUPPORTED /* unknown law or flag bits, or something this build leaves out */
} planedrop_status;

/* The type of the elements of x and y. bf16 and f16 (IEEE binary16) are computed in f32 and rounded
 * to the nearest, ties to even, once at the end; subnormals are kept. */
typedef enum planedrop_dtype {
    PLANEDROP_F32 = 0,
    PLANEDROP_BF16, /* uint16_t in memory, as is */
    PLANEDROP_F16,
    PLANEDROP_F64
} planedrop_dtype;

/* Bernoulli: y = x / (1-rate) with probability 1-rate, else +0.
 * Gaussian: y = x * (1 + s*z), s = sqrt(rate/(1-rate)), z normal, one for each draw: of the same
 * mean and variance. PLANEDROP_ERR_UNSUPPORTED in a build without SLEEF. */
typedef enum planedrop_law { PLANEDROP_BERNOULLI = 0, PLANEDROP_GAUSSIAN } planedrop_law;

#define PLANEDROP_NO_SCALE    0x1u /* kept values are copied bit for bit; not for Gaussian */
#define PLANEDROP_ACCUMULATE  0x2u /* y += instead of y =; dropped elements are not written */
#define PLANEDROP_KEEP_CACHED 0x4u /* y is read again at once: never bypass the cache */

/* What to do to which tensor. Zero-initialise it and fill in dtype, ndim, dims, noise and rate.
 *
 * x and y have the same dims, outermost axis first; entries from ndim on are ignored. A dim of 0
 * is legal: nothing is done. A stride of x may be 0, which broadcasts the input: K masks over one
 * input need no copy. Elements of y must be distinct, and its axes must nest, as they do in every
 * layout made by transposing, slicing, padding or flipping a dense tensor. Strides may be negative;
 * x and y point to the element whose indices are all 0.
 *
 * Draw k decides for the elements whose indices, on the axes where noise is not 1, have k as their
 * row-major index in noise. So NCHW, NHWC and blocked tensors of one (N, C) share their mask. A
 * tensor that is a window of a larger one (samples of a batch, channels of a layer) gives the
 * larger noise shape as `whole` and its own first index on every axis as `first`; it then draws
 * what the whole would draw there. 0 <= first, first + noise <= whole, on every axis. */
typedef struct planedrop_desc {
    planedrop_dtype dtype;
    int ndim;                                /* 1 to 8 */
    size_t dims[PLANEDROP_MAX_NDIM];         /* elements on each axis */
    size_t noise[PLANEDROP_MAX_NDIM];        /* dims[a]: drawn, or 1: shared along axis a */
    ptrdiff_t x_strides[PLANEDROP_MAX_NDIM]; /* in elements; all zero = dense row-major */
    ptrdiff_t y_strides[PLANEDROP_MAX_NDIM]; /* in elements; all zero = dense row-major */
    uint64_t whole[PLANEDROP_MAX_NDIM];      /* all zero = noise: this tensor is the whole */
    uint64_t first[PLANEDROP_MAX_NDIM];      /* default 0 */
    double rate;                             /* probability of dropping, [0, 1]; or as above */
    planedrop_law law;                       /* default PLANEDROP_BERNOULLI */
    unsigned flags;                          /* PLANEDROP_NO_SCALE | ...; default none */
} planedrop_desc;

/* What selects the mask. `seed` is the user's; `offset` is any number that differs for every
 * (step, layer), such as step * layers + layer. Backward takes the same two as forward. */
typedef struct planedrop_rng {
    uint64_t seed, offset;
} planedrop_rng;

/* A checked and compiled descriptor: a plain value on the caller's stack, copied by assignment,
 * never destroyed, never changed after planedrop_plan_init, good for any number of threads. */
typedef struct planedrop_plan {
    uint64_t opaque[64];
} planedrop_plan;

/* ---- Ready-made dense descriptors -------------------------------------------------------------
 * They check nothing (planedrop_plan_init does) and can be changed before use. */

/* Spatial dropout, channels first: N x C x spatial, one draw per (sample, channel). `spatial` is
 * the number of elements of a feature map: L, H*W or D*H*W. */
static inline planedrop_desc planedrop_nchw(planedrop_dtype dtype, size_t n, size_t c,
                                            size_t spatial, double rate) {
    planedrop_desc desc = {dtype, 3,    {n, c, spatial},     {n, c, 1}, {0}, {0}, {0},
                           {0},   rate, PLANEDROP_BERNOULLI, 0};
    return desc;
}

/* Spatial dropout, channels last: N x spatial x C. Draws the mask of planedrop_nchw. */
static inline planedrop_desc planedrop_nhwc(planedrop_dtype dtype, size_t n, size_t spatial,
                                            size_t c, double rate) {
    planedrop_desc desc = {dtype, 3,    {n, spatial, c},     {n, 1, c}, {0}, {0}, {0},
                           {0},   rate, PLANEDROP_BERNOULLI, 0};
    return desc;
}

/* Spatial dropout, blocked channels (nChw8c, nChw16c): N x ceil(C/block) x spatial x block. The
 * last block's padding counts as channels; where block divides C the mask is planedrop_nchw's. */
static inline planedrop_desc planedrop_nchw_blocked(planedrop_dtype dtype, size_t n, size_t c,
                                                    size_t spatial, size_t block, double rate) {
    size_t blocks = block == 0 ? 0 : c / block + (c % block != 0);
    planedrop_desc desc = {dtype,
                           block == 0 ? 0 : 4, /* a block of 0 is refused as a bad shape */
                           {n, blocks, spatial, block},
                           {n, blocks, 1, block},
                           {0},
                           {0},
                           {0},
                           {0},
                           rate,
                           PLANEDROP_BERNOULLI,
                           0};
    return desc;
}

/* Elementwise dropout of `count` elements. */
static inline planedrop_desc planedrop_elements(planedrop_dtype dtype, size_t count, double rate) {
    planedrop_desc desc = {
        dtype, 1, {count}, {count}, {0}, {0}, {0}, {0}, rate, PLANEDROP_BERNOULLI, 0};
    return desc;
}

/* Stochastic depth (drop path): one draw for each of n samples of per_sample elements. */
static inline planedrop_desc planedrop_samples(planedrop_dtype dtype, size_t n, size_t per_sample,
                                               double rate) {
    planedrop_desc desc = {dtype, 2,    {n, per_sample},     {n, 1}, {0}, {0}, {0},
                           {0},   rate, PLANEDROP_BERNOULLI, 0};
    return desc;
}

/* ---- Plan ------------------------------------------------------------------------------------ */

/* Checks *desc and compiles it into *plan for the best instruction set this CPU can run, or for
 * the one that the environment variable PLANEDROP_ISA names (read until a plan succeeds, then
 * kept). Returns NULL, DTYPE, UNSUPPORTED, RATE, SHAPE, STRIDE or ISA errors; *plan is then
 * untouched. */
PLANEDROP_API planedrop_status planedrop_plan_init(planedrop_plan *plan,
                                                   const planedrop_desc *desc);

/* The same for a named instruction set (planedrop_isa_name). PLANEDROP_ERR_ISA if there is none of
 * that name or this CPU cannot run it; there is no fallback. */
PLANEDROP_API planedrop_status planedrop_plan_init_isa(planedrop_plan *plan,
                                                       const planedrop_desc *desc, const char *isa);

/* The name of the plan's instruction set; NULL if plan is NULL or was never initialised. */
PLANEDROP_API const char *planedrop_plan_isa(const planedrop_plan *plan);

/* How many draws the mask has: the product of noise. 0 if plan is NULL or was never initialised. */
PLANEDROP_API uint64_t planedrop_plan_draws(const planedrop_plan *plan);

/* ---- Dropout ---------------------------------------------------------------------------------
 *     kept:     y = x * scale,  scale = 1/(1-rate) computed in double, rounded once
 *     dropped:  y = +0, whatever x holds (a NaN or Inf in a dropped place is gone)
 *     rate 0 or PLANEDROP_NO_SCALE: kept values are copied bit for bit
 *     PLANEDROP_ACCUMULATE: y = y + x * scale where kept, the product and the sum each rounded (a
 *     NaN sum is stored as the positive quiet NaN without payload); y is not written where dropped
 *     PLANEDROP_GAUSSIAN: all are kept, and the draw's multiplier m = 1 + s*z takes the place of
 *     scale. m is made in f32, s*z as sqrt(-2 s^2 ln u1) times a sine or cosine; Inf * 0 is stored
 *     as a NaN sum. All instruction sets of a CPU agree to the last bit, and so do CPUs; but where
 *     "scalar" alone is usable (x86 without AVX2 and FMA) a few z in a million differ in their last
 *     bits
 *
 * x and y hold the descriptor's dims at its strides and need only their element's own alignment.
 * They are the same pointer with the same strides (in place) or share no element; other overlap
 * is PLANEDROP_ERR_OVERLAP (as is interleaving x and y of different strides in one range). With no
 * elements they may be NULL. Nothing outside the tensors is read or written.
 *
 * The _part functions do the part-th of `parts` nearly equal shares: call them with part = 0 ...
 * parts-1 from as many threads, in any order; the bytes are those of the single call. Two parts
 * write no element in common. In place is fine. part >= parts is PLANEDROP_ERR_PART. */

/* y = dropout(x). Returns NULL or OVERLAP errors. */
PLANEDROP_API planedrop_status planedrop_forward(const planedrop_plan *plan, planedrop_rng rng,
                                                 const void *x, void *y);
PLANEDROP_API planedrop_status planedrop_forward_part(const planedrop_plan *plan, planedrop_rng rng,
                                                      size_t part, size_t parts, const void *x,
                                                      void *y);

/* dx = the gradient with respect to x, from dy: the forward operation with forward's rng. It reads
 * dy at the plan's x strides and writes dx at its y strides, so where forward's two differ, plan
 * anew with them swapped; the gradient of a broadcast x is the sum of dx over the broadcast axis.
 * Returns NULL or OVERLAP errors. */
PLANEDROP_API planedrop_status planedrop_backward(const planedrop_plan *plan, planedrop_rng rng,
                                                  const void *dy, void *dx);
PLANEDROP_API planedrop_status planedrop_backward_part(const planedrop_plan *plan,
                                                       planedrop_rng rng, size_t part, size_t parts,
                                                       const void *dy, void *dx);

/* planedrop_plan_init and planedrop_forward in one call. Returns the errors of both. */
PLANEDROP_API planedrop_status planedrop_once(const planedrop_desc *desc, planedrop_rng rng,
                                              const void *x, void *y);

/* ---- Masks -----------------------------------------------------------------------------------
 * Draws are numbered 0 ... planedrop_plan_draws-1 in the row-major order of this tensor's noise.
 * The arrays must not overlap x or y. */

/* Writes the mask as bits to keep[(draws+31)/32]: draw i is bit i%32 of word i/32, 1 = kept, unused
 * bits 0. Returns NULL or (Gaussian law) UNSUPPORTED errors. */
PLANEDROP_API planedrop_status planedrop_mask(const planedrop_plan *plan, planedrop_rng rng,
                                              uint32_t *keep);

/* Writes one factor a draw to multipliers[draws]: 0 where dropped, else scale (1 with
 * PLANEDROP_NO_SCALE), or 1 + s*z; for engines that multiply by a mask tensor. Returns NULL
 * errors. */
PLANEDROP_API planedrop_status planedrop_multipliers(const planedrop_plan *plan, planedrop_rng rng,
                                                     float *multipliers);

/* planedrop_forward under a mask of the caller's, in the form of planedrop_mask; the plan's rate
 * only gives the scale (rate 1 has none: without PLANEDROP_NO_SCALE it drops all, whatever the mask
 * says). Returns NULL, OVERLAP, PART or (Gaussian law) UNSUPPORTED errors. */
PLANEDROP_API planedrop_status planedrop_apply(const planedrop_plan *plan, const uint32_t *keep,
                                               const void *x, void *y);
PLANEDROP_API planedrop_status planedrop_apply_part(const planedrop_plan *plan,
                                                    const uint32_t *keep, size_t part, size_t parts,
                                                    const void *x, void *y);

/* ---- Queries --------------------------------------------------------------------------------- */

/* How many instruction sets the library was compiled with; they are numbered best first. */
PLANEDROP_API size_t planedrop_isa_count(void);

/* The i-th one's name: "avx512", "avx2", "neon" or "scalar"; NULL if there is no such i. */
PLANEDROP_API const char *planedrop_isa_name(size_t i);

/* 1 if this CPU and operating system can run the i-th one, else 0. */
PLANEDROP_API int planedrop_isa_usable(size_t i);

/* One line of English for a status, never NULL. */
PLANEDROP_API const char *planedrop_status_string(planedrop_status status);

/* The library's version, "MAJOR.MINOR.PATCH". */
PLANEDROP_API const char *planedrop_version(void);

#ifdef __cplusplus
}
#endif

#endif
