#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Are the tests any good? Breaks the library in one way after another, in a copy, and sees which
# tests fail. A mutant that no test catches is an error. Takes half an hour; prints the table of
# tests/README.md.
#
#   tests/mutants.sh [NAME...]      all mutants, or the named ones
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$root/CMakeLists.txt" "$root/cmake" "$root/include" "$root/src" "$root/tests" \
    "$root/examples" "$root/docs" "$root/tools" "$root/LICENSE" "$root"/*.md "$work"

# The amalgamation is the same text once more, takes long to compile, and alone shows what a host's
# flags can do.
amalgamation() {
    if [ "$1" = fused ]; then
        cp "$root/tests/amalgamation/CMakeLists.txt" "$work/tests/amalgamation"
    else
        : >"$work/tests/amalgamation/CMakeLists.txt"
    fi
}

configure() {
    cmake -S "$work" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
        -DPLANEDROP_BUILD_TESTS=ON -DPLANEDROP_INSTALL=OFF >"$work/log" 2>&1 &&
        cmake --build "$work/build" >>"$work/log" 2>&1
}

survivors=0
# mutant NAME FILE SED WHAT
mutant() {
    local name=$1 file=$2 change=$3 what=$4
    if [ ${#wanted[@]} -gt 0 ] && [[ ! " ${wanted[*]} " == *" $name "* ]]; then return; fi
    cp "$root/$file" "$work/$file"
    sed -i -E "$change" "$work/$file"
    if cmp -s "$root/$file" "$work/$file"; then
        echo "mutant $name no longer changes $file" >&2
        exit 2
    fi
    amalgamation "$name"
    local failed
    if ! configure; then
        echo "mutant $name does not compile:" >&2
        tail -n 20 "$work/log" >&2
        exit 2
    fi
    # Natively, on every instruction set: one line of ctest for each test that fails.
    failed=$(cd "$work/build" &&
        PLANEDROP_TEST_SEED=1 ctest -j2 -LE slow -E 'nehalem|haswell|consumer|instructions' 2>/dev/null |
        sed -nE 's/^.*- ([a-z0-9_.]+) \((Failed|Timeout|SEGFAULT|ILLEGAL|Subprocess aborted)\)$/\1/p' |
            sed 's/\..*//' | sort -u | paste -sd' ') || true
    cp "$root/$file" "$work/$file"
    printf '| %s | %s | %s |\n' "$what" "$file" "${failed:-**SURVIVES**}"
    [ -n "$failed" ] || survivors=$((survivors + 1))
}

wanted=("$@")
echo '| what is broken | where | tests that fail |'
echo '|---|---|---|'
mutant le src/plan.c 's/return below \+/return below + (below < 4294967296u) +/' \
    'dropped iff U <= T instead of U < T'
mutant rounds src/kernel/philox.inl 's/PHILOX_ROUNDS = 10/PHILOX_ROUNDS = 9/' 'nine rounds of Philox'
mutant undecided src/kernel/bits.inl 's/if \(planes > 8\)/if (planes > 32)/' \
    'words still undecided after two blocks are left so'
mutant high src/kernel/bits.inl 's/\(uint32_t\)\(8 \* first >> 32\)/0/' \
    'counters do not carry into their high word'
mutant reuse src/source.c 's/if \(first < source->cached_first \|\| /if (source->cached_words == 0 \&\& /' \
    'a tile reuses the mask of the one before'
mutant shift src/source.c 's/if \(shift == 0\)/if (1)/' 'windows start at whole words only'
mutant window src/shape.c 's/first_draw \+= first \* whole_draws/first_draw += 0 * first/' \
    'windows draw from the start'
mutant tail src/kernel/planes.inl '/keep_plane/,/^}/s/if \(i < n\)/if (i > n)/' \
    'the tail of a kept plane is dropped'
mutant head src/kernel/planes.inl '/keep_plane/,/^}/s/for \(; n - i >= 4/for (i = 0; n - i >= 4/' \
    'the head of a kept plane is done twice'
mutant lasttail src/kernel/rows.inl '/PD_NAME\(row\)\(const/,/^}/s/if \(i < n\)/if (i > n)/' \
    'the tail of a row is dropped'
mutant over src/kernel/rows.inl 's/PD_OP\(store_part\)\(y, PD_OP\(keep\)\(mask, value\), n\)/PD_OP(store)(y, PD_OP(keep)(mask, value))/' \
    'the tail of a row is stored as a whole vector'
mutant nextword src/kernel/rows.inl 's/i \+= PD_WORD_BITS, keep\+\+/i += PD_WORD_BITS/' \
    'every 32 elements of a row use one word'
mutant writes src/kernel/rows.inl '/PD_NAME\(put_row\)\(PD/,/^}/s/PD_OP\(store_masked\)\(y, keep, value\)/PD_OP(store)(y, value)/' \
    'accumulating ignores the mask'
mutant nan src/dtype/f32.h 's/return v_one_nan_f32\((.*)\);/return \1;/' \
    'an accumulated NaN keeps whatever bits the CPU gives it'
mutant select src/kernel/rows.inl 's/PD_NAME\(put\)\(y, PD_OP\(keep\)\(keep, value\), stream\)/PD_OP(store)(y, PD_NAME(scale)(value, PD_NAME(factor)(0))), PD_OP(store_masked)(y, keep, value)/' \
    'a dropped NaN survives (multiply by 0)'
mutant merge src/shape.c 's/outer->draw == inner->n \* inner->draw/1/' 'axes merge although their draws do not adjoin'
mutant joined src/walk.c 's/const size_t rest = outer % joined/const size_t rest = 0 * outer/' \
    'rows left over by joining are forgotten'
mutant parts src/run.c 's/part < extra \? part : extra/part < extra ? part : 0 * extra/' 'shares have gaps'
mutant overlap src/run.c 's/if \(!pd_view_separate\(.*\)\) \{/if (0) {/' 'overlapping x and y are accepted'
mutant nested src/shape.c 's/<= span/< span/' 'two elements of y may share storage'
mutant dispatch src/dispatch.c 's/: index_named\(name\);/: index_named(name) < planedrop_isa_count() ? index_named(name) : index_best();/' \
    'an unknown PLANEDROP_ISA falls back silently'
mutant nodetect src/isa.def 's/PD_CPU\(0x38001000, 0xc0030020, 0xe6\)/PD_CPU(0x38001000, 0xc0030020, 0x1e6)/' \
    'AVX-512 is never detected'
mutant rounding src/plan.c 's/rest == 0.5 \&\& below % 2 == 1/rest == 0.5/' 'the threshold is rounded half up'
mutant writeback src/kernel/rows.inl '/PD_NAME\(put_row\)\(PD/,/^}/s/PD_OP\(store_masked\)\(y, keep, value\);/PD_ELEM old[64]; PD_OP(store)(old, PD_OP(load)(y)); PD_OP(store_masked)(old, keep, value); PD_OP(store)(y, PD_OP(load)(old));/' \
    'accumulating writes dropped elements back'
mutant narrow src/run.c 's/return begin < elements \? begin : elements/return (uint32_t)(begin < elements ? begin : elements)/' \
    'sizes are cut to 32 bits'
mutant apart src/shape.c 's/apart % bytes == 0 \&\& //' 'x may reach into elements of y'
mutant farline src/kernel/ahead.inl 's/PD_NAME\(plain\)\(keep, x \+ i, y \+ i, n - i, factor, mode\);/(void)0;/' \
    'the tail of a plane in memory is dropped'
mutant edge src/kernel/ahead.inl 's/before->held \+= i;/before->held += i - (i > 0);/' \
    'a line that two planes share is never sent'
mutant carry src/walk.c 's/<< \(PD_WORD_BITS - before->left \+ i\)/<< (PD_WORD_BITS - before->left)/' \
    'bits carried to the next tile are mixed up'
mutant repeat src/source.c 's/\*writer.to = \(uint32_t\)writer.run;/(void)0;/' 'the last repeated bits are lost'
mutant plane src/kernel/ahead.inl 's/n = tile->inner;/n = (uint32_t)tile->inner;/' \
    'planes in memory are cut to 32 bits'
mutant startover src/mask.c 's/pd_append_bits\(keep, \(size_t\)i/pd_append_bits(keep, (uint32_t)i/' \
    'a mask starts over after 2^32 draws'
mutant strides src/walk.c 's/place.y \+= steps \* axis->y/place.y += (int32_t)(steps * axis->y)/' \
    'strides are cut to 32 bits'
mutant chunk src/kernel/bits.inl 's/CHUNK_WORDS - \(size_t\)\(first_word % CHUNK_WORDS\)/CHUNK_WORDS/' \
    'counters carry within a chunk'
mutant race src/dispatch.c 's/static size_t known;/static size_t known; static volatile size_t extra[4];/; s/return recall\(\) >> CACHE_SHIFT/return (recall() + extra[1]) >> CACHE_SHIFT/' \
    'more writable data than one word'
mutant fused src/avx2/vec.h '/v_add_f32/,/^}/s/__asm__\(.*\);//' \
    'a product is fused into the sum, if a host lets the compiler'
mutant wholevector src/avx2/vec.h 's/static inline v_f32 v_load_part_f32\(const float \*p, size_t n\) \{/&\n    if (n > 5) { return v_load_f32(p); }/' \
    'a partial load reads a whole vector'
mutant ties src/scalar/vec.h 's/ - 1 \+ \(a >> shift \& 1\)//' 'scalar rounds ties up'
mutant least src/scalar/vec.h 's/bits < 0x33000000/bits <= 0x33000001/' \
    'scalar flushes the least that rounds to an f16'
mutant factor src/dtype/f64.h 's/v_set1_f64\(scale\)/v_set1_f64((double)(float)scale)/' \
    'the scale of f64 is rounded to f32'
mutant counter src/kernel/normals.inl 's/UINT64_C\(1\) << 63 \| //' 'both laws use the same blocks'
mutant lanes src/kernel/normals.inl 's/v_order_zip_u32\(\)/v_iota_u32()/' \
    'normals are stored in the order of lanes'
mutant turn src/kernel/normals.inl 's/1 << 23/1 << 24/' 'Box-Muller turns by half of the angle'
mutant newnan src/dtype/f32.h 's/v_new_nan_f32\((.*), x\);/\1;/' 'Inf * 0 is what the CPU makes of it'
mutant newnan16 src/dtype/bf16.h 's/v_new_nan_f32\((v_mul_f32\(a.q, s.q\)), a.q\)/\1/' \
    'Inf * 0 is what the CPU makes of it, in every other bf16'
mutant oldnan src/avx2/vec.h 's/return _mm256_blendv_ps\(v_one_nan_f32\(a\), a, v_is_nan_f32\(x\)\);/return v_one_nan_f32(a);/' \
    'a NaN in x loses its payload under the Gaussian law'
mutant cached src/gaussian.c 's/cache \+ \(base - begin\)/cache/' 'cached factors are mixed up'
mutant within src/gaussian.c 's/: within \+ rest;/: rest;/' \
    'a small plane in three tiles starts anew'
mutant weighrest src/gaussian.c 's/rest = outer % rows/rest = 0 * outer/' \
    'weighed rows left over by joining are forgotten'
mutant slackless src/dtype/f16.h 's/v_load_f32\(p \+ v_lanes_f32\(\)\)/v_load_f32(p)/' \
    'half of the f16 of a vector take the factors of the other half'
mutant variance src/plan.c 's/desc->rate \/ \(1.0 - desc->rate\) : 0/desc->rate : 0/' 's is that of another law'
mutant apartbit src/kernel/bits.inl 's/1\) << \(at \+ i \* step\) %/1) << at %/' \
    'draws that are apart take the same bit of their words'
mutant aparthigh src/kernel/philox.inl 's/ \&\& counter_of\(at\) >> 32 == high//' \
    'counters of draws that are apart do not carry'
mutant apartpair src/kernel/normals.inl 's/% 4 \/ 2 \* 2/% 2 * 2/' \
    'normals that are apart take the wrong half of their block'
if [ $survivors -gt 0 ]; then
    echo "$survivors mutants survive" >&2
    exit 1
fi
