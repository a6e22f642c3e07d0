/* SPDX-License-Identifier: MIT
 *
 * Everything that is not standard C11, once for each compiler: attributes, bit counts, prefetches,
 * atomics, CPUID. A port to another compiler changes this file only.
 */
#ifndef PD_COMPILER_H
#define PD_COMPILER_H

#include <stddef.h>
#include <stdint.h>

#if !defined(__GNUC__)
#error "planedrop needs gcc or clang; another compiler needs its part in src/compiler.h"
#endif

/* PD_IF_<architecture>(text): the text, if that is the target; for the rows of isa.def. */
#if defined(__x86_64__) && defined(__LP64__)
#define PD_IF_X86_64(...) __VA_ARGS__
#include <cpuid.h>
#else
#define PD_IF_X86_64(...)
#endif
#if defined(__aarch64__) && defined(__LP64__) && !defined(__AARCH64EB__)
#define PD_IF_ARM64(...) __VA_ARGS__
#else
#define PD_IF_ARM64(...)
#endif
#define PD_IF_ANY(...) __VA_ARGS__

/* a##b, with a and b expanded first. */
#define PD_PASTE_OF(a, b) a##b
#define PD_PASTE(a, b)    PD_PASTE_OF(a, b)

/* The kernels are one text many times over: a compiler's limits would keep some calls. (Functions
 * that are passed to others are `static inline`: without optimisation they are called.) */
#define PD_INLINE   static inline __attribute__((__always_inline__))
#define PD_NOINLINE static __attribute__((__noinline__))

/* In front of a short loop: unrolled (gcc: by 8 steps at most) before anything else, so that an
 * array indexed by its variable is a set of registers. */
#if defined(__clang__)
#define PD_UNROLL _Pragma("clang loop unroll(full)")
#else
#define PD_UNROLL _Pragma("GCC unroll 8")
#endif

/* Marks a type through which objects of any type may be read. */
#define PD_MAY_ALIAS __attribute__((__may_alias__))

/* Trailing zeros; a is not 0. */
PD_INLINE unsigned pd_ctz32(uint32_t a) { return (unsigned)__builtin_ctz(a); }
PD_INLINE unsigned pd_ctz64(uint64_t a) { return (unsigned)__builtin_ctzll(a); }
PD_INLINE unsigned pd_popcount32(uint32_t a) { return (unsigned)__builtin_popcount(a); }

/* A number's bits, and back. */
PD_INLINE uint32_t pd_bits_of_float(float a) {
    uint32_t bits;
    __builtin_memcpy(&bits, &a, sizeof bits);
    return bits;
}
PD_INLINE float pd_float_of_bits(uint32_t bits) {
    float a;
    __builtin_memcpy(&a, &bits, sizeof a);
    return a;
}
PD_INLINE uint64_t pd_bits_of_double(double a) {
    uint64_t bits;
    __builtin_memcpy(&bits, &a, sizeof bits);
    return bits;
}
PD_INLINE double pd_double_of_bits(uint64_t bits) {
    double a;
    __builtin_memcpy(&a, &bits, sizeof a);
    return a;
}

PD_INLINE float pd_sqrtf(float a) { return __builtin_sqrtf(a); }

/* Prefetches the cache line at p into L1 or L2; level is a constant. Never faults. (Not behind a
 * function pointer: gcc 12 sees no effect in a function that only prefetches, and removes calls.)
 */
PD_INLINE void pd_prefetch(const void *p, const int level) {
    if (level == 1) {
        __builtin_prefetch(p, 0, 3);
    } else {
        __builtin_prefetch(p, 0, 2);
    }
}

/* PD_OPAQUE(v) hides the value of the variable v, a float, double or vector, from the compiler:
 * even under a host's -ffast-math it does not fuse v into another operation or assume that v is no
 * NaN. PD_OPAQUE_INT: the same of an integer. */
#if defined(__x86_64__) || defined(__SSE2__)
#define PD_OPAQUE(v) __asm__("" : "+v"(v))
#elif defined(__aarch64__)
#define PD_OPAQUE(v) __asm__("" : "+w"(v))
#else
#define PD_OPAQUE(v) __asm__("" : "+m"(v))
#endif
#define PD_OPAQUE_INT(v) __asm__("" : "+r"(v))

/* x86: result = all ones in the lanes where v is a NaN, else 0. -ffinite-math-only would remove a
 * comparison. type: ps or pd. */
#define PD_IS_NAN_X86(type, result, v)                                                             \
    __asm__("vcmpunord" #type " {%1, %1, %0|%0, %1, %1}" : "=x"(result) : "x"(v))

/* Relaxed atomics. */
PD_INLINE size_t pd_atomic_load(size_t *word) { return __atomic_load_n(word, __ATOMIC_RELAXED); }
PD_INLINE size_t pd_atomic_or(size_t *word, size_t bits) { /* returns the old value */
    return __atomic_fetch_or(word, bits, __ATOMIC_RELAXED);
}
/* *word = value if *word is still `expected`. Returns the value that *word then has. */
PD_INLINE size_t pd_atomic_replace(size_t *word, size_t expected, size_t value) {
    const int done =
        __atomic_compare_exchange_n(word, &expected, value, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    return done ? value : expected;
}

/* CPUID: registers eax, ebx, ecx, edx of a leaf; all 0 if the CPU lacks it. XGETBV: XCR0; only for
 * CPUs with OSXSAVE. */
#if defined(__x86_64__) && defined(__LP64__)
PD_INLINE void pd_cpuid(unsigned leaf, unsigned subleaf, unsigned reg[4]) {
    reg[0] = reg[1] = reg[2] = reg[3] = 0;
    (void)__get_cpuid_count(leaf, subleaf, &reg[0], &reg[1], &reg[2], &reg[3]);
}
PD_INLINE uint64_t pd_xgetbv(void) {
    uint32_t low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}
#endif

#endif
