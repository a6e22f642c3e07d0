/* SPDX-License-Identifier: MIT
 *
 * planedrop: dropout kernels for inference and training engines.
 *
 * A tensor x of shape `dims` is multiplied by a random mask of shape `noise`, which is broadcast
 * along the axes where noise is 1. noise = (N, C, 1) over dims = (N, C, H*W) is spatial dropout:
 * whole feature maps are kept or dropped. noise = dims is elementwise dropout. The mask is a
 * function of (seed, offset, draw index) alone. It is never stored: the backward pass, another
 * thread, machine or instruction set draws exactly the same mask again.
 *
 * Every function may be called from any number of threads at once. No function allocates, locks,
 * prints, aborts, starts a thread, changes errno or changes the floating-point environment. No
 * call needs more than 8 KiB of stack.
 */
#ifndef PLANEDROP_PLANEDROP_H
#define PLANEDROP_PLANEDROP_H

#include <stddef.h>
#include <stdint.h>

#define PLANEDROP_VERSION_MAJOR 0
#define PLANEDROP_VERSION_MINOR 2
#define PLANEDROP_VERSION_PATCH 0

/* PLANEDROP_API marks the functions that a shared library exports. Define it as nothing to export
 * none. On Windows define PLANEDROP_SHARED to use the DLL (the CMake package does). */
#if !defined(PLANEDROP_API)
#if defined(_WIN32) && defined(PLANEDROP_SHARED) && defined(PLANEDROP_BUILD)
#define PLANEDROP_API __declspec(dllexport)
#elif defined(_WIN32) && defined(PLANEDROP_SHARED)
#define PLANEDROP_API __declspec(dllimport)
#elif defined(__GNUC__) && !defined(_WIN32)
#define PLANEDROP_API __attribute__((visibility("default")))
#else
#define PLANEDROP_API
#endif
#endif

/* PLANEDROP_PREFIX, defined alike for the library and its users, is put before every external name
 * (engine_ makes engine_planedrop_forward), so that one process can hold two versions. */
#ifdef PLANEDROP_PREFIX
#define PLANEDROP_PASTE_OF(prefix, name) prefix##name
#define PLANEDROP_PASTE(prefix, name)    PLANEDROP_PASTE_OF(prefix, name)
#define PLANEDROP_NAME(name)             PLANEDROP_PASTE(PLANEDROP_PREFIX, name)
#define planedrop_apply                  PLANEDROP_NAME(planedrop_apply)
#define planedrop_apply_part             PLANEDROP_NAME(planedrop_apply_part)
#define planedrop_backward               PLANEDROP_NAME(planedrop_backward)
#define planedrop_backward_part          PLANEDROP_NAME(planedrop_backward_part)
#define planedrop_cpu_cache_bytes        PLANEDROP_NAME(planedrop_cpu_cache_bytes)
#define planedrop_cpu_feature_count      PLANEDROP_NAME(planedrop_cpu_feature_count)
#define planedrop_cpu_feature_name       PLANEDROP_NAME(planedrop_cpu_feature_name)
#define planedrop_cpu_feature_present    PLANEDROP_NAME(planedrop_cpu_feature_present)
#define planedrop_desc_drop_path         PLANEDROP_NAME(planedrop_desc_drop_path)
#define planedrop_desc_elementwise       PLANEDROP_NAME(planedrop_desc_elementwise)
#define planedrop_desc_forward           PLANEDROP_NAME(planedrop_desc_forward)
#define planedrop_desc_nchw              PLANEDROP_NAME(planedrop_desc_nchw)
#define planedrop_desc_nchw_blocked      PLANEDROP_NAME(planedrop_desc_nchw_blocked)
#define planedrop_desc_nhwc              PLANEDROP_NAME(planedrop_desc_nhwc)
#define planedrop_forward                PLANEDROP_NAME(planedrop_forward)
#define planedrop_forward_part           PLANEDROP_NAME(planedrop_forward_part)
#define planedrop_isa_count              PLANEDROP_NAME(planedrop_isa_count)
#define planedrop_isa_name               PLANEDROP_NAME(planedrop_isa_name)
#define planedrop_isa_needs              PLANEDROP_NAME(planedrop_isa_needs)
#define planedrop_isa_usable             PLANEDROP_NAME(planedrop_isa_usable)
#define planedrop_mask                   PLANEDROP_NAME(planedrop_mask)
#define planedrop_mask_elements          PLANEDROP_NAME(planedrop_mask_elements)
#define planedrop_plan_draws             PLANEDROP_NAME(planedrop_plan_draws)
#define planedrop_plan_init              PLANEDROP_NAME(planedrop_plan_init)
#define planedrop_plan_init_isa          PLANEDROP_NAME(planedrop_plan_init_isa)
#define planedrop_plan_isa               PLANEDROP_NAME(planedrop_plan_isa)
#define planedrop_plan_parts             PLANEDROP_NAME(planedrop_plan_parts)
#define planedrop_plan_set_rate          PLANEDROP_NAME(planedrop_plan_set_rate)
#define planedrop_run                    PLANEDROP_NAME(planedrop_run)
#define planedrop_status_string          PLANEDROP_NAME(planedrop_status_string)
#define planedrop_supports               PLANEDROP_NAME(planedrop_supports)
#define planedrop_version                PLANEDROP_NAME(planedrop_version)
#define planedrop_version_number         PLANEDROP_NAME(planedrop_version_number)
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define PLANEDROP_MAX_NDIM 8

/* What every function that can fail returns. On any status but PLANEDROP_OK nothing was written.
 * Which status comes of several broken rules is not specified. */
typedef enum planedrop_status {
    PLANEDROP_OK = 0,
    PLANEDROP_ERR_NULL,        /* a pointer that is needed is NULL */
    PLANEDROP_ERR_VERSION,     /* `size` or a reserved field is not of this library's version */
    PLANEDROP_ERR_PLAN,        /* the plan was never initialised, or by an incompatible library */
    PLANEDROP_ERR_DTYPE,       /* not a planedrop_dtype */
    PLANEDROP_ERR_LAW,         /* not a planedrop_law */
    PLANEDROP_ERR_STREAM,      /* not a planedrop_stream */
    PLANEDROP_ERR_FLAGS,       /* an unknown flag, or strides without the flag that gives them */
    PLANEDROP_ERR_FORM,        /* a planedrop_mask_form or _direction that the call does not take */
    PLANEDROP_ERR_COMBINATION, /* the law does not go with the stream, flag or kind of mask */
    PLANEDROP_ERR_UNSUPPORTED, /* known, but this build lacks it: see planedrop_supports */
    PLANEDROP_ERR_RATE,        /* rate is outside the law's range, or NaN */
    PLANEDROP_ERR_SHAPE,       /* ndim, dims, noise, global_noise or window_start break a rule */
    PLANEDROP_ERR_OVERFLOW,    /* a size or a stride is too large to address */
    PLANEDROP_ERR_Y_SHARED,    /* elements of y share storage: it has a stride of 0 */
    PLANEDROP_ERR_Y_NESTING,   /* the axes of y do not nest: elements of y may share storage */
    PLANEDROP_ERR_BROADCAST,   /* backward, but elements of x share storage or may share it */
    PLANEDROP_ERR_ISA,         /* the instruction set is unknown, or this CPU cannot run it */
    PLANEDROP_ERR_ALIGN,       /* a tensor or mask is not aligned as its elements must be */
    PLANEDROP_ERR_OVERLAP,     /* input and output overlap and are not exactly in place */
    PLANEDROP_ERR_IN_PLACE,    /* in place together with PLANEDROP_ACCUMULATE */
    PLANEDROP_ERR_PART,        /* part >= parts */
    PLANEDROP_ERR_RANGE        /* first + count exceeds the number of draws */
} planedrop_status;

/* The element type of x and y. bf16 and f16 (IEEE binary16) are computed in f32 and rounded once at
 * the end, to nearest, ties to even. Subnormals are kept. */
typedef enum planedrop_dtype {
    PLANEDROP_F32 = 0,
    PLANEDROP_BF16, /* the bits of a bfloat16 in a uint16_t */
    PLANEDROP_F16,  /* the bits of a binary16 in a uint16_t */
    PLANEDROP_F64
} planedrop_dtype;

/* What a draw means.
 * Bernoulli: kept with probability 1-rate: y = x / (1-rate). Dropped otherwise: y = +0.
 * Gaussian: y = x * (1 + s*z), s = sqrt(rate/(1-rate)), one standard normal z per draw. Mean and
 * variance equal the Bernoulli law's. Needs a build with SLEEF and a rate below 1. |z| is at most
 * 5.77: z is made by Box and Muller from a 24-bit uniform number. */
typedef enum planedrop_law { PLANEDROP_BERNOULLI = 0, PLANEDROP_GAUSSIAN } planedrop_law;

/* Where the random numbers come from. Native: planedrop's own streams, frozen for ever. */
typedef enum planedrop_stream { PLANEDROP_STREAM_NATIVE = 0 } planedrop_stream;

/* Flags of a descriptor. */
#define PLANEDROP_NO_SCALE     0x01u /* kept values are copied bit for bit; Bernoulli only */
#define PLANEDROP_ACCUMULATE   0x02u /* output += instead of output =; dropped are not written */
#define PLANEDROP_NO_NT_STORES 0x04u /* the output is read again at once: keep it in the cache */
#define PLANEDROP_X_STRIDED    0x08u /* x_strides are given; without it x is dense row-major */
#define PLANEDROP_Y_STRIDED    0x10u /* y_strides are given; without it y is dense row-major */

/* What to do to which tensor. Start from PLANEDROP_DESC_INIT or a planedrop_desc_ function, then
 * set fields. Entries of arrays from ndim on are ignored.
 *
 * dims: the shape of x and y, outermost axis first. A dim of 0 is legal: nothing is done.
 * noise: on each axis dims[a] (an axis with its own draws) or 1 (an axis that shares a draw). Draw
 *     k decides for the elements whose indices, on the axes where noise is not 1, have the
 *     row-major index k in noise. NCHW, NHWC and blocked tensors of one (N, C) therefore have the
 *     same mask.
 * strides: in elements; they may be negative. x and y point to the element whose indices are all 0.
 *     An x stride of 0 broadcasts the input: K masks over one input need no copy. The elements of
 *     y must be distinct and its axes must nest, as in every layout made by transposing, slicing,
 *     padding or flipping a dense tensor. Strides without their flag must be 0.
 * global_noise, window_start: of a tensor that is a window of a larger one (samples of a batch,
 *     channels of a layer): the noise shape of the larger tensor, and this tensor's first index in
 *     it on each axis. The window draws what the larger tensor draws there. On every axis
 *     window_start + noise <= global_noise. If global_noise is all 0, this tensor is the whole.
 *
 * The struct keeps its size: later versions take new fields out of `reserved`, with 0 as their
 * default. */
typedef struct planedrop_desc {
    uint32_t size;                             /* sizeof(planedrop_desc) */
    int32_t dtype;                             /* planedrop_dtype */
    int32_t law;                               /* planedrop_law */
    int32_t stream;                            /* planedrop_stream */
    uint32_t flags;                            /* PLANEDROP_NO_SCALE | ... */
    int32_t ndim;                              /* 1 to PLANEDROP_MAX_NDIM */
    double rate;                               /* probability of dropping, in [0, 1] */
    uint64_t dims[PLANEDROP_MAX_NDIM];         /* elements on each axis */
    uint64_t noise[PLANEDROP_MAX_NDIM];        /* draws on each axis: dims[a] or 1 */
    int64_t x_strides[PLANEDROP_MAX_NDIM];     /* in elements, with PLANEDROP_X_STRIDED */
    int64_t y_strides[PLANEDROP_MAX_NDIM];     /* in elements, with PLANEDROP_Y_STRIDED */
    uint64_t global_noise[PLANEDROP_MAX_NDIM]; /* all 0: equal to noise */
    uint64_t window_start[PLANEDROP_MAX_NDIM];
    uint64_t reserved[16]; /* 0 */
} planedrop_desc;

#define PLANEDROP_DESC_INIT                                                                        \
    {                                                                                              \
        sizeof(planedrop_desc), PLANEDROP_F32, PLANEDROP_BERNOULLI, PLANEDROP_STREAM_NATIVE, 0, 0, \
            0.0, {0}, {0}, {0}, {0}, {0}, {0}, {                                                   \
            0                                                                                      \
        }                                                                                          \
    }

/* What selects the mask. seed is the user's. offset is any number that differs for every (step,
 * layer), such as step * layers + layer. Backward takes the same two numbers as forward. */
typedef struct planedrop_rng {
    uint64_t seed, offset;
} planedrop_rng;

/* A checked and compiled descriptor: a plain value, copied by assignment, never destroyed, used by
 * any number of threads. It is valid only in the process that initialised it. */
typedef struct planedrop_plan {
    uint64_t opaque[128];
} planedrop_plan;

/* ---- Descriptors of dense tensors ------------------------------------------------------------
 * Each sets size, dtype, ndim, dims, noise and rate, and every other field to its default. Change
 * fields afterwards; planedrop_plan_init checks them. dtype is a planedrop_dtype. */

/* Spatial dropout, channels first: dims n x c x spatial, noise n x c x 1. spatial is the number of
 * elements of a feature map: L, H*W or D*H*W. */
PLANEDROP_API planedrop_desc planedrop_desc_nchw(int32_t dtype, uint64_t n, uint64_t c,
                                                 uint64_t spatial, double rate);

/* Spatial dropout, channels last: dims n x spatial x c, noise n x 1 x c. Draws the mask of
 * planedrop_desc_nchw. */
PLANEDROP_API planedrop_desc planedrop_desc_nhwc(int32_t dtype, uint64_t n, uint64_t spatial,
                                                 uint64_t c, double rate);

/* Spatial dropout, blocked channels (nChw8c, nChw16c): dims n x ceil(c/block) x spatial x block.
 * The padding of the last block counts as channels; where block divides c the mask is that of
 * planedrop_desc_nchw. A block of 0 makes planedrop_plan_init return PLANEDROP_ERR_SHAPE. */
PLANEDROP_API planedrop_desc planedrop_desc_nchw_blocked(int32_t dtype, uint64_t n, uint64_t c,
                                                         uint64_t spatial, uint64_t block,
                                                         double rate);

/* Elementwise dropout: dims and noise are count. */
PLANEDROP_API planedrop_desc planedrop_desc_elementwise(int32_t dtype, uint64_t count, double rate);

/* Stochastic depth (drop path): dims n x per_sample, noise n x 1: one draw per sample. */
PLANEDROP_API planedrop_desc planedrop_desc_drop_path(int32_t dtype, uint64_t n,
                                                      uint64_t per_sample, double rate);

/* ---- Plans ----------------------------------------------------------------------------------- */

/* Checks *desc and compiles it into *plan for the best instruction set that this CPU can run, or
 * for the one that the environment variable PLANEDROP_ISA names. The first plan that succeeds fixes
 * that default for the process. On an error *plan is not changed. Returns NULL, VERSION, DTYPE,
 * LAW, STREAM, FLAGS, COMBINATION, UNSUPPORTED, RATE, SHAPE, OVERFLOW, Y_SHARED, Y_NESTING or ISA
 * errors. */
PLANEDROP_API planedrop_status planedrop_plan_init(planedrop_plan *plan,
                                                   const planedrop_desc *desc);

/* The same for a named instruction set (see planedrop_isa_name): no fallback, and the default of
 * the process stays as it is. */
PLANEDROP_API planedrop_status planedrop_plan_init_isa(planedrop_plan *plan,
                                                       const planedrop_desc *desc, const char *isa);

/* Changes the rate of an initialised plan, as if its descriptor had had that rate. No other thread
 * may use the plan meanwhile. Returns PLAN, NULL or RATE errors; the plan is then not changed. */
PLANEDROP_API planedrop_status planedrop_plan_set_rate(planedrop_plan *plan, double rate);

/* The name of the plan's instruction set; NULL if plan is NULL or not initialised. */
PLANEDROP_API const char *planedrop_plan_isa(const planedrop_plan *plan);

/* The number of draws of the mask, the product of noise; 0 if plan is NULL or not initialised. */
PLANEDROP_API uint64_t planedrop_plan_draws(const planedrop_plan *plan);

/* The largest number of parts that is worth while: one for each begun 64 KiB of y, and at least 1.
 * A pool of n threads takes the smaller of this and n. 0 if plan is NULL or not initialised. */
PLANEDROP_API size_t planedrop_plan_parts(const planedrop_plan *plan);

/* ---- Dropout ---------------------------------------------------------------------------------
 * Bernoulli   kept:     y = x * scale; scale = 1/(1-rate) computed in double, rounded once to the
 *                       compute type (f32; f64 for f64). With PLANEDROP_NO_SCALE, and at rate 0,
 *                       kept values are copied bit for bit.
 *             dropped:  y = +0, whatever x holds. At rate 1 everything is dropped.
 * Gaussian    y = x * m with the draw's multiplier m = 1 + s*z, computed in f32 with s*z as
 *             sqrt(-2 s^2 ln u1) times a sine or cosine. m is never 0. All CPUs and instruction
 *             sets agree to the last bit, with one exception: where "scalar" alone is usable (x86
 *             without AVX2 and FMA) a few z in a million differ in their last bits.
 * PLANEDROP_ACCUMULATE: y = y + x*scale where kept; the product is rounded, then the sum. A NaN sum
 *             is stored as the positive quiet NaN without payload. Where dropped, y is not written.
 *
 * A dropped x has no effect: it raises no floating-point exception flag and no trap, even if it is
 * a signalling NaN. A kept x raises what its product, sum and narrowing raise.
 *
 * Input and output hold the descriptor's dims at its strides, and need no more alignment than that
 * of their element. They are the same pointer with the same strides (in place), or they share no
 * element; with different strides their address ranges must not overlap either. Nothing outside of
 * the tensors is read or written. Of tensors without elements the pointers may be NULL. */

/* The two directions of a call. */
typedef enum planedrop_direction {
    PLANEDROP_FORWARD = 0, /* reads x at x's strides, writes y at y's strides */
    PLANEDROP_BACKWARD     /* reads dy at y's strides, writes dx at x's strides: the gradient */
} planedrop_direction;

/* How a mask is stored. */
typedef enum planedrop_mask_form {
    PLANEDROP_MASK_BITS = 0, /* uint32_t words: draw i is bit i%32 of word i/32, 1 = kept */
    PLANEDROP_MASK_BYTES,    /* a byte per draw: 1 = kept, 0 = dropped (read: any but 0 = kept) */
    PLANEDROP_MASK_F32,      /* a float per draw, the multiplier: scale or 0; Gaussian: m */
    PLANEDROP_MASK_DTYPE     /* the multiplier in the plan's dtype */
} planedrop_mask_form;

/* One call. Start from PLANEDROP_CALL_INIT. Later versions append fields whose default is 0. `size`
 * is that of the caller's header: a call that is longer than this library knows is accepted if the
 * rest of its bytes is 0, and PLANEDROP_ERR_VERSION otherwise, as is a shorter one. */
typedef struct planedrop_call {
    uint32_t size;      /* sizeof(planedrop_call) */
    int32_t direction;  /* planedrop_direction */
    planedrop_rng rng;  /* not used with keep */
    size_t part, parts; /* the part-th of `parts` nearly equal shares; by default 0 of 1 */
    const void *input;  /* x, or dy */
    void *output;       /* y, or dx */
    const void *keep;   /* a mask of the caller's, numbered as planedrop_mask does; NULL: draw it */
    int32_t keep_form;  /* of keep: PLANEDROP_MASK_BITS or PLANEDROP_MASK_BYTES */
    uint32_t reserved;  /* 0 */
} planedrop_call;

#define PLANEDROP_CALL_INIT                                                                        \
    { sizeof(planedrop_call), PLANEDROP_FORWARD, {0, 0}, 0, 1, NULL, NULL, NULL, 0, 0 }

/* Does *call. Parts 0 ... parts-1 may run at the same time, in any order, on any threads; the
 * result has the bytes of the single call, and no two parts write the same element.
 *
 * Under a mask of the caller's the plan's rate gives the scale only. At rate 1 there is no scale:
 * without PLANEDROP_NO_SCALE everything is dropped, whatever the mask says.
 *
 * Returns NULL, PLAN, VERSION, FORM, COMBINATION (keep under the Gaussian law), PART, ALIGN,
 * OVERLAP, IN_PLACE or BROADCAST errors. */
PLANEDROP_API planedrop_status planedrop_run(const planedrop_plan *plan,
                                             const planedrop_call *call);

/* The common calls. y = dropout(x): */
PLANEDROP_API planedrop_status planedrop_forward(const planedrop_plan *plan, planedrop_rng rng,
                                                 const void *x, void *y);
PLANEDROP_API planedrop_status planedrop_forward_part(const planedrop_plan *plan, planedrop_rng rng,
                                                      size_t part, size_t parts, const void *x,
                                                      void *y);

/* dx = the gradient with respect to x, from dy, with forward's rng. dy has y's strides, dx has x's.
 * For a broadcast x (a stride of 0), plan the gradient of the expanded x and sum it. */
PLANEDROP_API planedrop_status planedrop_backward(const planedrop_plan *plan, planedrop_rng rng,
                                                  const void *dy, void *dx);
PLANEDROP_API planedrop_status planedrop_backward_part(const planedrop_plan *plan,
                                                       planedrop_rng rng, size_t part, size_t parts,
                                                       const void *dy, void *dx);

/* y = dropout(x) under a mask of the caller's, in bits. */
PLANEDROP_API planedrop_status planedrop_apply(const planedrop_plan *plan, const uint32_t *keep,
                                               const void *x, void *y);
PLANEDROP_API planedrop_status planedrop_apply_part(const planedrop_plan *plan,
                                                    const uint32_t *keep, size_t part, size_t parts,
                                                    const void *x, void *y);

/* planedrop_plan_init and planedrop_forward in one call. Returns the errors of both. */
PLANEDROP_API planedrop_status planedrop_desc_forward(const planedrop_desc *desc, planedrop_rng rng,
                                                      const void *x, void *y);

/* ---- Masks -----------------------------------------------------------------------------------
 * Draws are numbered 0 ... planedrop_plan_draws-1, in the row-major order of this tensor's noise.
 * The Gaussian law has no bits or bytes: it returns PLANEDROP_ERR_COMBINATION for these forms. */

/* Writes draws first ... first+count-1 of the mask to mask[0 ... count-1], in the given
 * planedrop_mask_form. The form of bits writes (count+31)/32 words, with 0 in unused bits; threads
 * that share an array of bits take multiples of 32 draws. mask is aligned for its form and does not
 * overlap the plan. Returns NULL, PLAN, FORM, COMBINATION, ALIGN or RANGE errors. */
PLANEDROP_API planedrop_status planedrop_mask(const planedrop_plan *plan, planedrop_rng rng,
                                              int32_t form, uint64_t first, uint64_t count,
                                              void *mask);

/* Writes the mask broadcast to the tensor's elements: a byte, a float or an element of the plan's
 * dtype for each element, at y's strides, which count what is written. part and parts as in
 * planedrop_run. PLANEDROP_MASK_BITS is refused. Returns NULL, PLAN, FORM, COMBINATION, PART or
 * ALIGN errors. */
PLANEDROP_API planedrop_status planedrop_mask_elements(const planedrop_plan *plan,
                                                       planedrop_rng rng, int32_t form, size_t part,
                                                       size_t parts, void *mask);

/* ---- Queries --------------------------------------------------------------------------------- */

/* 1 if this build can draw the law from the stream for the dtype; else 0. */
PLANEDROP_API int planedrop_supports(int32_t law, int32_t stream, int32_t dtype);

/* The instruction sets that the library was compiled with, best first: how many there are; the name
 * of the i-th ("avx512", "avx2", "neon" or "scalar"; NULL if there is no such i); 1 if this CPU and
 * operating system can run it. */
PLANEDROP_API size_t planedrop_isa_count(void);
PLANEDROP_API const char *planedrop_isa_name(size_t i);
PLANEDROP_API int planedrop_isa_usable(size_t i);

/* The features of a CPU that the library asks for: how many there are; the name of the i-th; 1 if
 * this CPU and operating system have it; 1 if the given instruction set needs it. */
PLANEDROP_API size_t planedrop_cpu_feature_count(void);
PLANEDROP_API const char *planedrop_cpu_feature_name(size_t i);
PLANEDROP_API int planedrop_cpu_feature_present(size_t i);
PLANEDROP_API int planedrop_isa_needs(size_t isa, size_t feature);

/* The size of this CPU's largest cache in bytes, less the rest beyond a multiple of 64 KiB; 0 if it
 * is unknown. */
PLANEDROP_API size_t planedrop_cpu_cache_bytes(void);

/* One line of English that names the broken rule; never NULL. */
PLANEDROP_API const char *planedrop_status_string(planedrop_status status);

/* The version of the library at run time: "MAJOR.MINOR.PATCH"; MAJOR*10000 + MINOR*100 + PATCH. */
PLANEDROP_API const char *planedrop_version(void);
PLANEDROP_API uint32_t planedrop_version_number(void);

#ifdef __cplusplus
}
#endif

#endif
