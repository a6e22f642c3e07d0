#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Are the tests any good? Breaks the library in one way after another, in a copy, and sees which
tests fail. A mutant that no test catches is an error. Prints the table of tests/README.md.

    tests/mutants.py [--only REGEX] [--first] [--jobs N]    all mutants, or some: takes hours
    tests/mutants.py --check                                whether each mutant still has its place
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Mutant(NamedTuple):
    what: str  # is broken
    file: str
    before: str  # stands in the file exactly once
    after: str
    amalgamation: bool = False  # shows in what is made of the amalgamation, which takes long to compile


MUTANTS = [Mutant(*row) for row in [
    # ---- Streams, laws, plans
    ("dropped iff U <= T instead of U < T", "src/streams.c",
     "return below + (",
     "return below + 1 + ("),
    ("the threshold is rounded half up", "src/streams.c",
     "rest > 0.5 || (rest == 0.5 && below % 2 == 1)",
     "rest >= 0.5"),
    ("the seed is cut to 32 bits", "src/streams.c",
     "key->seed = rng.seed;",
     "key->seed = (uint32_t)rng.seed;"),
    ("an unknown stream is the native one", "src/streams.c",
     ": NULL;",
     ": &streams[0];"),
    ("a NaN is a rate", "src/laws.c",
     "return bits <= one || bits == minus_zero;",
     "return (bits == one && bits == minus_zero) || (!(rate < 0) && !(rate > 1));"),
    ("the scale is computed in f32", "src/laws.c",
     "1.0 / (1.0 - input->rate);\n    op->form",
     "(double)(1.0f / (1.0f - (float)input->rate));\n    op->form"),
    ("at rate 0 values are multiplied by 1", "src/laws.c",
     "(input->flags & PLANEDROP_NO_SCALE) || input->rate == 0;",
     "(input->flags & PLANEDROP_NO_SCALE) != 0;"),
    ("at rate 1 the caller's mask decides", "src/laws.c",
     "op->keeps_nothing = input->rate == 1 && !unscaled;",
     "op->keeps_nothing = 0;"),
    ("s is that of another law", "src/laws.c",
     "op->variance = input->rate / (1.0 - input->rate);",
     "op->variance = input->rate;"),
    ("the Gaussian law takes PLANEDROP_NO_SCALE", "src/laws.c",
     "if (input->flags & PLANEDROP_NO_SCALE) {",
     "if (0) {"),
    ("the Gaussian law takes rate 1", "src/laws.c",
     "if (input->rate == 1) {",
     "if (0) {"),
    ("reserved fields are not checked", "src/plan.c",
     "|| !reserved_is_zero(desc)",
     "|| (0 && !reserved_is_zero(desc))"),
    ("only the first reserved field is checked", "src/plan.c",
     "any |= desc->reserved[i];",
     "any |= desc->reserved[0];"),
    ("a longer descriptor is taken", "src/plan.c",
     "desc->size != sizeof *desc",
     "desc->size < sizeof *desc"),
    ("unknown flags are ignored", "src/plan.c",
     "if (desc->flags & ~known_flags) {",
     "if (0 && (desc->flags & ~known_flags)) {"),
    ("set_rate forgets the threshold", "src/plan.c",
     "const planedrop_status status = set_rate(&changed, rate);",
     "const planedrop_status status = set_rate(&changed, rate);\n"
     "    changed.key.threshold = pd_plan_of(plan)->key.threshold;"),
    ("set_rate forgets the variance", "src/plan.c",
     "const planedrop_status status = set_rate(&changed, rate);",
     "const planedrop_status status = set_rate(&changed, rate);\n"
     "    changed.key.variance = pd_plan_of(plan)->key.variance;"),
    ("set_rate forgets the generator", "src/plan.c",
     "const planedrop_status status = set_rate(&changed, rate);",
     "const planedrop_status status = set_rate(&changed, rate);\n"
     "    changed.generator = pd_plan_of(plan)->generator;"),
    ("set_rate forgets the policy", "src/plan.c",
     "const planedrop_status status = set_rate(&changed, rate);",
     "const planedrop_status status = set_rate(&changed, rate);\n"
     "    changed.policy[0] = pd_plan_of(plan)->policy[0];"),
    ("a rate that is refused changes the plan", "src/plan.c",
     "if (status == PLANEDROP_OK) {\n        *(struct pd_plan *)plan = changed;",
     "if (1) {\n        *(struct pd_plan *)plan = changed;"),
    ("a plan that fails fixes the default instruction set", "src/plan.c",
     "const planedrop_status status = compile(&compiled, desc, pd_backend_default());",
     "const planedrop_status status = compile(&compiled, desc, pd_backend_default());\n"
     "    if (pd_backend_default() != NULL) {\n"
     "        pd_backend_keep_default(pd_backend_default());\n"
     "    }"),
    ("a plan of a named instruction set fixes the default", "src/plan.c",
     "const planedrop_status status = compile(&compiled, desc, pd_backend_named(isa));",
     "const planedrop_status status = compile(&compiled, desc, pd_backend_named(isa));\n"
     "    if (status == PLANEDROP_OK) {\n"
     "        pd_backend_keep_default(compiled.backend);\n"
     "    }"),
    ("few words of bits come from the generator of factors", "src/plan.c",
     "&pd_backend_last()->generators[generator];",
     "&pd_backend_last()->generators[PD_BOX_MULLER];"),
    ("scalar takes every CPU for one without FMA", "src/plan.c",
     "plan->key.fma = pd_cpu_has_fma();",
     "plan->key.fma = 0;"),
    ("a multiple of 64 KiB has a part too many", "src/plan.c",
     "(elements - 1) / each + 1",
     "elements / each + 1"),
    ("any bytes are a plan", "src/plan.h",
     "p != NULL && p->magic == PD_PLAN_MAGIC ? p : NULL",
     "p != NULL ? p : NULL"),
    ("channels that do not fill a block are left out", "src/desc.c",
     "c / block + (c % block != 0)",
     "c / block"),

    # ---- Views
    ("windows draw from the start", "src/view.c",
     "view->first_draw += start * global_draws;",
     "view->first_draw += 0 * start * global_draws;"),
    ("the draws of every window are contiguous", "src/view.c",
     "view->draws_contiguous &= axis->draw_stride == axis->local_draw_stride;",
     ""),
    ("a window may reach out of the whole", "src/view.c",
     "start > global || noise > global - start",
     "start > global"),
    ("a whole mask may have 2^64 draws and more", "src/view.c",
     "product_overflows(nonzero, dim) || product_overflows(global_draws, global)",
     "product_overflows(nonzero, dim)"),
    ("strides without their flag are ignored", "src/view.c",
     "if (!given && value != 0) {",
     "if (0) {"),
    ("strides of x may be too large to address", "src/view.c",
     "!addressable(axes, *count, (enum pd_role)r, elem_bytes)",
     "!addressable(axes, *count, PD_OUT, elem_bytes)"),
    ("a stride of 0 in y is taken for axes that do not nest", "src/view.c",
     "if (*count > 0 && axes[*count - 1].stride[PD_OUT] == 0) {",
     "if (0) {"),
    ("two elements of y may share storage", "src/view.c",
     "if (stride <= span) {",
     "if (stride < span) {"),
    ("axes merge although their draws do not adjoin", "src/view.c",
     "return same_kind(outer, inner) && outer->draw_stride == inner->n * inner->draw_stride;",
     "return same_kind(outer, inner);"),
    ("axes merge although those of x do not adjoin", "src/view.c",
     "for (int r = 0; r < PD_ROLES; r++) {\n        if (outer->stride[r]",
     "for (int r = 0; r < PD_IN; r++) {\n        if (outer->stride[r]"),
    ("one memory in two layouts counts as in place", "src/view.c",
     "view->same_strides &= axes[a].stride[PD_IN] == axes[a].stride[PD_OUT];",
     ""),
    ("elements of every x are distinct", "src/view.c",
     "view->same_strides || input_distinct(axes, *count)",
     "1 || input_distinct(axes, *count)"),
    ("a tensor that runs backwards reaches forwards", "src/view.c",
     "extent.low += farthest;",
     "extent.high -= farthest;"),
    # (Without `distance % elem_bytes == 0` an x that reaches into elements of y is accepted: only where
    # an element need not be aligned to its size, as f64 on i686, whose preset sees it in `calls`.)
    ("elements a stride less than a sample apart are not found", "src/overlap.c",
     "steps <= distance / stride + 1",
     "steps <= distance / stride"),
    ("tensors that touch overlap", "src/overlap.c",
     "return distance >= (",
     "return distance > ("),

    # ---- Calls
    ("overlapping x and y are accepted", "src/run.c",
     "if (!pd_view_in_place_or_disjoint(",
     "if (0 && !pd_view_in_place_or_disjoint("),
    ("overlap in backward is that of forward", "src/run.c",
     "backward ? output : input,\n                                      backward ? input : output",
     "input, output"),
    ("backward does not swap strides", "src/run.c",
     "walk.view_role[PD_IN] = backward ? PD_OUT : PD_IN;\n"
     "    walk.view_role[PD_OUT] = backward ? PD_IN : PD_OUT;",
     "walk.view_role[PD_IN] = PD_IN;\n    walk.view_role[PD_OUT] = PD_OUT;"),
    ("the alignment of tensors is not checked", "src/run.c",
     "if (!aligned(input, align) || !aligned(output, align)) {",
     "if (0 && (!aligned(input, align) || !aligned(output, align))) {"),
    ("the alignment of the caller's bits is not checked", "src/run.c",
     "form == PLANEDROP_MASK_BYTES || aligned(keep, sizeof(uint32_t))",
     "keep != NULL"),
    ("accumulating in place is accepted", "src/run.c",
     "if (in_place && (op->form & PD_ACCUMULATE)) {",
     "if (0) {"),
    ("backward writes a broadcast x", "src/run.c",
     "if (backward && !plan->view.input_distinct) {",
     "if (0) {"),
    ("part == parts is accepted", "src/run.c",
     "if (part >= parts) {",
     "if (part > parts) {"),
    ("any direction but backward is forward", "src/run.c",
     "return call->direction == PLANEDROP_FORWARD || call->direction == PLANEDROP_BACKWARD",
     "return call->direction != PLANEDROP_BACKWARD || call->direction == PLANEDROP_BACKWARD"),
    ("a longer call with more than zeros at its end is accepted", "src/run.c",
     "if (bytes[i] != 0) {",
     "if (0 && bytes[i] != 0) {"),
    ("a shorter call is accepted", "src/run.c",
     "if (call->size < sizeof *call || call->reserved != 0) {",
     "if (call->size == 0 || call->reserved != 0) {"),
    ("a reserved field in use is accepted", "src/run.c",
     "if (call->size < sizeof *call || call->reserved != 0) {",
     "if (call->size < sizeof *call) {"),
    ("a law without bits takes a mask of the caller's", "src/run.c",
     "if (!plan->op[0].has_bits) {",
     "if (0) {"),
    ("a caller's mask at rate 1 keeps what it says", "src/run.c",
     "op->keeps_nothing ? NULL : keep",
     "keep"),
    ("apply without a mask draws one", "src/run.c",
     "if (keep == NULL && p != NULL && p->view.elements > 0) {",
     "if (0) {"),

    # ---- The walk
    ("sizes are cut to 32 bits", "src/walk.c",
     "return elements;",
     "return (uint32_t)elements;"),
    ("strides are cut to 32 bits", "src/walk.c",
     "cursor.at[r] += bytes * axis->stride[walk->view_role[r]];",
     "cursor.at[r] += (int32_t)(bytes * axis->stride[walk->view_role[r]]);"),
    ("shares are of unequal sizes", "src/walk.c",
     "smaller(part, extra)) * grain",
     "0 * smaller(part, extra)) * grain"),
    ("rows left over by joining are forgotten", "src/walk.c",
     "rest = outer % joined;",
     "rest = 0 * (outer % joined);"),
    ("rows are joined although they do not adjoin", "src/walk.c",
     "adjoin &= ",
     "adjoin |= "),
    ("a long row is done as a dense one although it is not", "src/walk.c",
     "axis->draw_stride == 1 && pd_elements_adjoin(&walk->tile)",
     "axis->draw_stride == 1"),
    ("strided elements take the instance for those that adjoin", "src/tile.h",
     "adjoin &= tile->inner_stride[r] == 1;",
     "adjoin |= tile->inner_stride[r] == 1;"),
    ("a long row starts within a group of draws", "src/walk.c",
     "if (cursor.draw % group == 0) {",
     "if (1) {"),
    ("a long row ignores the caller's mask", "src/walk.c",
     "inner > most && walk->draws.mask == NULL &&",
     "inner > most &&"),
    ("bits carried to the next tile are mixed up", "src/pipeline.c",
     "<< (to + i) % PD_CELL_BITS;",
     "<< to % PD_CELL_BITS;"),
    ("the last bit carried to the next tile is lost", "src/pipeline.c",
     "for (size_t i = 0; i < n; i++) {",
     "for (size_t i = 0; i + 1 < n; i++) {"),
    ("bits carried to the next tile are added to old ones", "src/pipeline.c",
     "front[PD_PIPELINE_FRONT - 2] = front[PD_PIPELINE_FRONT - 1] = 0;",
     ""),
    ("half of the factors carried to the next tile are lost", "src/pipeline.c",
     "cells + piece->first, n * PD_CELL_BYTES);",
     "cells + piece->first, n / 2 * PD_CELL_BYTES);"),
    ("what a long row has behind its last line is not done", "src/pipeline.c",
     "if (pipeline->remaining > 0) {",
     "if (0) {"),

    # ---- Draws
    ("a tile reuses the mask of the one before", "src/draws.c",
     "if (first < draws->cache_begin || last >= draws->cache_begin + draws->cache_cells) {",
     "if (draws->cache_cells == 0) {"),
    ("windows start at whole words only", "src/draws.c",
     "if (shift == 0) {",
     "if (1) {"),
    ("cells that the cache keeps stay where they were", "src/draws.c",
     "memmove(draws->cells, draws->cells + (base - begin), kept * PD_CELL_BYTES);",
     ""),
    ("the cache is thought to hold what a gather overwrote", "src/draws.c",
     "draws->cache_cells = 0;",
     ""),
    ("draws a few apart take the wrong bit", "src/draws.c",
     ">> at % PD_CELL_BITS & 1);",
     ">> i % PD_CELL_BITS & 1);"),
    ("a byte of the caller's mask keeps if it is odd", "src/draws.c",
     "bytes[at + i * step] != 0",
     "bytes[at + i * step] & 1"),
    ("bytes of the caller's mask are shifted", "src/draws.c",
     "bytes[at + i * step]",
     "bytes[i * step]"),
    ("the caller's mask begins where the window does", "src/draws.h",
     "draws->mask != NULL ? 0 : draws->plan->view.first_draw",
     "draws->plan->view.first_draw"),
    ("the caller's mask is numbered as the whole one", "src/draws.h",
     "draws->mask != NULL ? axis->local_draw_stride : axis->draw_stride",
     "axis->draw_stride"),
    ("the last repeated bits are lost", "src/expand.c",
     "*writer.to = (uint32_t)writer.pending;",
     ""),
    ("eight repeated bits are the first four twice", "src/expand.c",
     "expand->nibble_lut[word >> 4 & 15][0]",
     "expand->nibble_lut[word & 15][0]"),
    ("repeated bits end with their word", "src/expand.c",
     "runs[(word + 1) % 4] |= (uint32_t)(run >> PD_CELL_BITS);",
     ""),
    ("the end of a long run of bits has ones behind it", "src/expand.c",
     "append_run(writer, ones & rest_bits, rest);",
     "append_run(writer, ones | (0 & rest_bits), rest);"),
    ("repeated factors are all the first one", "src/expand.c",
     "to[t + j] = from[i];",
     "to[t + j] = from[0];"),
    ("bits appended across words are cut", "src/expand.c",
     "if (shift + bits > PD_CELL_BITS) {",
     "if (shift + bits > 2 * PD_CELL_BITS) {"),
    ("unused bits of a mask's last word are not 0", "src/expand.c",
     "*from++ & ~UINT32_C(0) >> (PD_CELL_BITS - bits);",
     "*from++;"),

    # ---- Masks as outputs
    ("a mask starts over after 2^32 draws", "src/mask.c",
     "pd_expand_append((uint32_t *)mask, (size_t)i,",
     "pd_expand_append((uint32_t *)mask, (uint32_t)i,"),
    ("the draws of a window are numbered as if it were the whole", "src/mask.c",
     "span.at += index * axes[a].draw_stride;",
     "span.at += index * axes[a].local_draw_stride;"),
    ("bytes of a mask are cut where a word ends", "src/mask.c",
     "if (shift > PD_CELL_BITS - 8) {",
     "if (shift > PD_CELL_BITS) {"),
    ("the last bytes of a mask are shifted", "src/mask.c",
     "bytes[i] = bits[(first + i) / PD_CELL_BITS] >> (first + i) % PD_CELL_BITS & 1;",
     "bytes[i] = bits[i / PD_CELL_BITS] >> i % PD_CELL_BITS & 1;"),
    ("multipliers of an accumulating plan are accumulated", "src/mask.c",
     "(op.form & PD_MUL) | PD_ONES",
     "op.form | PD_ONES"),
    ("the mask of elements lies as x", "src/mask.c",
     "walk.view_role[r] = PD_OUT;",
     "walk.view_role[r] = PD_IN;"),
    ("an unknown form of mask is the dtype's", "src/mask.c",
     "if (form < least || form > PLANEDROP_MASK_DTYPE) {",
     "if (form < least) {"),
    ("a law without bits gives a mask of bits", "src/mask.c",
     "return form <= PLANEDROP_MASK_BYTES && !p->op[0].has_bits ?",
     "return form < PLANEDROP_MASK_BITS ?"),
    ("the alignment of a mask is not checked", "src/mask.c",
     ": (uintptr_t)mask % align == 0 ?",
     ": (uintptr_t)mask % align < align ?"),
    ("first + count may wrap around", "src/mask.c",
     "if (first > p->view.draws || count > p->view.draws - first) {",
     "if (first + count > p->view.draws) {"),
    ("a mask of elements in bits is the dtype's", "src/mask.c",
     "check_form(plan, form, PLANEDROP_MASK_BYTES);",
     "check_form(plan, form, PLANEDROP_MASK_BITS);"),
    ("part == parts of a mask is accepted", "src/mask.c",
     "if (part >= parts) {",
     "if (part > parts) {"),

    # ---- The cache policy: no choice changes a result
    ("a cache of unknown size has 0 bytes", "src/policy.c",
     "input->cache_bytes == 0 ? CACHE_BYTES_UNKNOWN : input->cache_bytes",
     "input->cache_bytes"),
    ("stores are ordinary up to the whole of the cache", "src/policy.c",
     "NT_QUARTERS = 3,",
     "NT_QUARTERS = 4,"),
    ("in place there are two tensors", "src/policy.c",
     "input->in_place ? 1 : 2;",
     "2;"),
    ("non-temporal stores where there are none", "src/policy.c",
     "input->has_nt_stores && ",
     ""),
    ("PLANEDROP_NO_NT_STORES is ignored", "src/policy.c",
     "!input->no_nt_stores &&",
     "1 &&"),
    ("accumulating has non-temporal stores", "src/policy.c",
     "!(input->op->form & PD_ACCUMULATE)",
     "1"),
    ("kept values in place have non-temporal stores", "src/policy.c",
     "(uint8_t)(nt && !input->in_place)",
     "(uint8_t)nt"),
    ("planes below 512 bytes are done as rows", "src/policy.c",
     "PLANE_BYTES = 256,",
     "PLANE_BYTES = 512,"),
    ("what pays in memory decides about planes in the cache", "src/policy.c",
     "(!uncached || bytes >= (1 - input->rate) * RESTART_BYTES)",
     "bytes >= (1 - input->rate) * RESTART_BYTES"),
    ("where planes in memory are done one by one, the rate is ignored", "src/policy.c",
     "(1 - input->rate) * RESTART_BYTES",
     "RESTART_BYTES"),
    ("one lane does planes as rows", "src/policy.c",
     "input->lanes > 1 &&",
     "1 &&"),
    ("of factors a row of planes in the cache has two in a tile", "src/policy.c",
     ": REPEATED_FACTORS;",
     ": PD_TILE_FACTORS / 2;"),
    ("planes that do not adjoin are done as rows", "src/policy.c",
     "planes_adjoin(view));",
     "(1 || planes_adjoin(view)));"),
    ("planes in the cache are prefetched", "src/policy.c",
     "(uint8_t)(uncached && !policy.planes_as_rows)",
     "(uint8_t)!policy.planes_as_rows"),
    ("planes are prefetched a line ahead", "src/policy.c",
     "PREFETCH_L2_LINES = 1024,",
     "PREFETCH_L2_LINES = 1,"),

    # ---- The CPU
    ("AVX-512 is never detected", "src/cpu_features.def",
     "XCR0, 0xe6)",
     "XCR0, 0x1e6)"),
    ("the last cache counts, not the largest", "src/cpu.c",
     "type != 2 && bytes > largest ? bytes : largest",
     "type != 2 ? bytes : largest"),
    ("caches of instructions count", "src/cpu.c",
     "type != 2 && bytes > largest",
     "bytes > largest"),
    ("the partitions of a cache do not count", "src/cpu.c",
     "line * partitions * ways * sets",
     "line * ways * sets"),
    ("AMD's caches are not read", "src/cpu.c",
     "for (int i = 0; i < 2; i++) {",
     "for (int i = 0; i < 1; i++) {"),
    ("a list of caches may be twice as long", "src/cpu.c",
     "subleaf < 16",
     "subleaf < 32"),
    ("an unknown PLANEDROP_ISA falls back silently", "src/dispatch.c",
     "name == NULL || *name == '\\0' ?",
     "name == NULL || *name == '\\0' || index_named(name) == ISAS ?"),
    ("every plan chooses its instruction set anew", "src/dispatch.c",
     "word = pd_atomic_replace(&cpu_info_word, word, word | chosen);",
     "word |= chosen;"),
    ("more writable data than one word", "src/dispatch.c",
     "size_t planedrop_isa_count(void) { return ISAS; }",
     "size_t planedrop_isa_count(void) {\n    static volatile size_t calls;\n    return calls++, ISAS;\n}"),

    # ---- Generators
    ("nine rounds of Philox", "src/kernel/philox.inl",
     "PHILOX_ROUNDS = 10",
     "PHILOX_ROUNDS = 9"),
    ("both words of the key grow alike", "src/kernel/philox.inl",
     "k1 += UINT32_C(0xbb67ae85);",
     "k1 += UINT32_C(0x9e3779b9);"),
    ("the offset is cut to 32 bits", "src/kernel/philox.inl",
     "{(uint32_t)(offset >> 32), (uint32_t)p1,",
     "{0, (uint32_t)p1,"),
    ("counters of draws that are apart do not carry", "src/kernel/philox.inl",
     " && counter_of(at) >> 32 == high;",
     ";"),
    ("words still undecided after two blocks are left so", "src/kernel/bit_planes.inl",
     "if (chunk->planes > 8) {",
     "if (chunk->planes > 32) {"),
    ("one block is enough for five planes", "src/kernel/bit_planes.inl",
     "if (chunk.planes <= 4) {",
     "if (chunk.planes <= 5) {"),
    ("counters do not carry into their high word", "src/kernel/bit_planes.inl",
     "(uint32_t)(8 * first >> 32)",
     "0"),
    ("counters carry within a chunk", "src/kernel/bit_planes.inl",
     "CHUNK_WORDS - (size_t)(first % CHUNK_WORDS)",
     "CHUNK_WORDS"),
    ("draws that are apart take the same bit of their words", "src/kernel/bit_planes.inl",
     "UINT32_C(1) << (at + i * step) % PD_CELL_BITS",
     "UINT32_C(1) << at % PD_CELL_BITS"),
    ("counters of draws that are apart have no high word", "src/kernel/bit_planes.inl",
     "(uint32_t)(counter_of_bit(at) >> 32)",
     "0"),
    ("draws that are apart are dropped at rate 0", "src/kernel/bit_planes.inl",
     "for (size_t w = 0; w < (count + PD_CELL_BITS - 1) / PD_CELL_BITS; w++) {\n"
     "        keep[w] = key->threshold == 0 ? ~UINT32_C(0) : 0;",
     "for (size_t w = 0; w < (count + PD_CELL_BITS - 1) / PD_CELL_BITS; w++) {\n"
     "        keep[w] = 0;"),
    ("both laws use the same blocks", "src/kernel/box_muller.inl",
     "UINT64_C(1) << 63 | draw / 4",
     "draw / 4"),
    ("a factor of 0 stays", "src/kernel/box_muller.inl",
     "v_set1_f32(0x1p-126f)",
     "v_set1_f32(0)"),
    ("u1 is in [0, 1)", "src/kernel/box_muller.inl",
     "v_add_f32(v_cvt_hi24_f32(radius_bits), v_set1_f32(1))",
     "v_cvt_hi24_f32(radius_bits)"),
    ("Box-Muller turns by half of the angle", "src/kernel/box_muller.inl",
     "1.0f / (1 << 23)",
     "1.0f / (1 << 24)"),
    ("normals are stored in the order of lanes", "src/kernel/box_muller.inl",
     "v_zip_lane_order_u32()",
     "v_iota_u32()"),
    ("counters of normals do not carry into their high word", "src/kernel/box_muller.inl",
     "(uint32_t)(counter >> 32)",
     "UINT32_C(1) << 31"),
    ("counters of normals carry within a chunk", "src/kernel/box_muller.inl",
     "CHUNK_FACTORS - (size_t)(first % CHUNK_FACTORS)",
     "CHUNK_FACTORS"),
    ("normals that are apart take the wrong half of their block", "src/kernel/box_muller.inl",
     "% 4 / 2 * 2;",
     "% 2 * 2;"),
    ("normals that are apart take the same one of a pair", "src/kernel/box_muller.inl",
     "factor[(at + i * step) % 2][i]",
     "factor[at % 2][i]"),
    ("counters of normals that are apart have no high word", "src/kernel/box_muller.inl",
     "(uint32_t)(counter_of_normal(at) >> 32)",
     "UINT32_C(1) << 31"),

    # ---- Kernels
    ("PD_ADD is ignored", "src/kernel/element.inl",
     "if (form & PD_ADD) {",
     "if (0) {"),
    ("PD_FILL is ignored", "src/kernel/element.inl",
     "form & PD_FILL ? narrow(splat(op->fill)) : V(zero)()",
     "V(zero)()"),
    ("PD_ONES is ignored", "src/kernel/element.inl",
     "form & PD_ONES ? splat(1) : widen(from.of[PD_IN])",
     "widen(from.of[PD_IN])"),
    ("ones are read from x", "src/kernel/element.inl",
     "return !(form & PD_ONES);",
     "return 1;"),
    ("the old output is read whether it is added to or not", "src/kernel/element.inl",
     "return (form & PD_ACCUMULATE) != 0;",
     "return 1;"),
    ("a NaN accumulated to a plane keeps whatever bits the CPU gives it", "src/kernel/element.inl",
     "canonical_nan(add(widen(from.of[PD_OUT]), value))",
     "add(widen(from.of[PD_OUT]), value)"),
    ("non-temporal stores of short rows are not aligned", "src/kernel/element.inl",
     "if (past == 0 || (n < 4 * lanes && !nt)) {",
     "if (past == 0 || n < 4 * lanes) {"),
    ("bits taken across words are cut", "src/kernel/element.inl",
     "if (shift + count > PD_CELL_BITS) {",
     "if (shift + count > 2 * PD_CELL_BITS) {"),
    ("accumulating fills dropped elements at a stride", "src/kernel/element.inl",
     "} else if (!(form & PD_ACCUMULATE)) {",
     "} else {"),
    ("accumulating takes the instance that does not", "src/kernel/instances.inl",
     "kernel##_of(tile, PD_MUL | PD_ACCUMULATE, kind);",
     "kernel##_of(tile, PD_MUL, kind);"),
    ("the tail of a kept plane is dropped", "src/kernel/planes.inl",
     "if (i < n) {\n        keep_part(",
     "if (i > n) {\n        keep_part("),
    ("the head of a kept plane is done twice", "src/kernel/planes.inl",
     "for (; n - i >= 4 * lanes; i",
     "for (i = 0; n - i >= 4 * lanes; i"),
    ("the tail of a dropped plane is not filled", "src/kernel/planes.inl",
     "if (i < n) {\n        V(store_part)(out + i, fill, n - i);",
     "if (i > n) {\n        V(store_part)(out + i, fill, n - i);"),
    ("accumulating fills dropped planes", "src/kernel/planes.inl",
     "dropped != 0 && !(form & PD_ACCUMULATE);",
     "dropped != 0;"),
    ("dropped planes are computed and then filled", "src/kernel/planes.inl",
     "fill_plane(place_of(tile, first + pd_ctz32(dropped)).of[PD_OUT], tile->inner, c->fill);",
     "keep_plane(form, c, place_of(tile, first + pd_ctz32(dropped)), tile->inner, c->mul);\n"
     "        fill_plane(place_of(tile, first + pd_ctz32(dropped)).of[PD_OUT], tile->inner, c->fill);"),
    ("bits behind the last plane are planes", "src/kernel/planes.inl",
     "[i / PD_CELL_BITS] & used;",
     "[i / PD_CELL_BITS];"),
    ("every plane has the factor of the first", "src/kernel/planes.inl",
     "draw_factor(tile, &c, kind, i));",
     "draw_factor(tile, &c, kind, 0));"),
    ("x has the strides of y within planes", "src/kernel/element.inl",
     "at.of[r] += (ptrdiff_t)j * tile->inner_stride[r];",
     "at.of[r] += (ptrdiff_t)j * tile->inner_stride[PD_OUT];"),
    ("the tail of a plane in memory is dropped", "src/kernel/planes_in_memory.inl",
     "write_span(form, &c, keep, at, n - i, factor);",
     ""),
    ("planes in memory are cut to 32 bits", "src/kernel/planes_in_memory.inl",
     "n = tile->inner;",
     "n = (uint32_t)tile->inner;"),
    ("a line that two planes share is never sent", "src/kernel/planes_in_memory.inl",
     "before->count += i;",
     "before->count += i - (i > 0);"),
    ("the line behind the last plane is kept for the next", "src/kernel/planes_in_memory.inl",
     "if (i < n && merge && plane + 1 < tile->outer) {",
     "if (i < n && merge) {"),
    ("planes that do not adjoin share lines", "src/kernel/planes_in_memory.inl",
     "n >= 2 * line && tile->outer_stride[PD_OUT] == (ptrdiff_t)n;",
     "n >= 2 * line;"),
    ("accumulating fills dropped planes in memory", "src/kernel/planes_in_memory.inl",
     "if (!keep && (form & PD_ACCUMULATE)) {",
     "if (0) {"),
    ("a dropped value of a row is computed before it is masked", "src/kernel/rows.inl",
     "return narrow(mul_where(keep, x, c->mul));",
     "return V(zero_unless)(keep, narrow(mul(widen(x), c->mul)));"),
    ("dropped values are accumulated, and not written", "src/kernel/rows.inl",
     "add_where(keep, old, mul_where(keep, x, c->mul))",
     "add(widen(old), mul(widen(x), c->mul))"),
    ("dropped values of a row are copied", "src/kernel/rows.inl",
     "from.of[r] = V(zero_unless)(keep, from.of[r]);",
     ""),
    ("rows are filled with 0 whatever the fill", "src/kernel/rows.inl",
     "V(select)(keep, value, c->fill)",
     "V(zero_unless)(keep, value)"),
    ("accumulating ignores the mask", "src/kernel/rows.inl",
     "V(store_masked)(out, keep, value);",
     "V(store)(out, value);"),
    ("accumulating writes dropped elements back", "src/kernel/rows.inl",
     "V(store_masked)(out, keep, value);",
     "V(store)(out, V(select)(keep, value, V(load)(out)));"),
    ("the tail of a row is dropped", "src/kernel/rows.inl",
     "if (i < n) {\n        row_part(",
     "if (i > n) {\n        row_part("),
    ("the tail of a row is stored as a whole vector", "src/kernel/rows.inl",
     "V(store_part)(at.of[PD_OUT], result, n);",
     "V(store)(at.of[PD_OUT], result);"),
    ("every 32 elements of a row use one word", "src/kernel/rows.inl",
     "i += PD_CELL_BITS, bits++",
     "i += PD_CELL_BITS"),
    ("words of a row that start within a word are cut", "src/kernel/rows.inl",
     "bits[0] >> shift | bits[1] << (PD_CELL_BITS - shift)",
     "bits[0] >> shift"),
    ("and so are those of rows that are stored by ordinary stores", "src/kernel/rows.inl",
     "(uint64_t)bits[1] << PD_CELL_BITS | bits[0]",
     "(uint64_t)bits[0]"),
    ("two vectors of a row have one mask", "src/kernel/rows.inl",
     "V(mask_bits)(word, j + lanes)",
     "V(mask_bits)(word, j)"),
    ("a row with strides starts at draw 0", "src/kernel/rows.inl",
     "const size_t draw = tile->first + j;",
     "const size_t draw = j;"),

    # ---- Element types and vectors
    ("an accumulated NaN keeps whatever bits the CPU gives it", "src/dtype/f32.c",
     "return v_canonical_nan_f32(a);",
     "return a;"),
    ("the scale of f64 is rounded to f32", "src/dtype/f64.c",
     "return v_set1_f64(a);",
     "return v_set1_f64((double)(float)a);"),
    ("the last factors of a row of f64 are all one", "src/dtype/f64.c",
     "factor[i] = p[i];",
     "factor[i] = p[0];"),
    ("a dropped 16-bit element survives", "src/dtype/pair.inl",
     "mul(widen(v_zero_unless_u16(m, a)), b)",
     "mul(widen(a), b)"),
    ("a dropped 16-bit element is added to, and not written", "src/dtype/pair.inl",
     "add(widen(v_zero_unless_u16(m, a)), product)",
     "add(widen(a), product)"),
    ("half of the f16 of a vector take the factors of the other half", "src/dtype/pair.inl",
     "v_load_f32(p + lanes)",
     "v_load_f32(p)"),
    ("the last factors of a row of f16 are those before", "src/dtype/pair.inl",
     "v_load_part_f32(p + lanes, n - lanes)",
     "v_load_part_f32(p, n - lanes)"),
    ("scalar rounds ties up", "src/vec_generic.h",
     " - 1 + (a >> shift & 1)",
     ""),
    ("scalar flushes the least that rounds to an f16", "src/vec_generic.h",
     "bits < 0x33000000",
     "bits <= 0x33000001"),
    ("scalar flushes f16 below the least normal one", "src/vec_generic.h",
     "sign | pd_bits_of_float((float)bits * 0x1p-24f)",
     "sign"),
    ("scalar keeps a signalling f16 so", "src/vec_generic.h",
     "sign | 0x7fc00000 | bits << 13",
     "sign | 0x7f800000 | bits << 13"),
    ("dropped values are added to, and not written", "src/vec_generic.h",
     "return v_add_f32(v_zero_unless_f32(m, a), b);",
     "return v_add_f32(a, b);"),
    ("a product is fused into the sum, if a host lets the compiler", "src/avx2/vec.h",
     "PD_OPAQUE(b);\n    return _mm256_add_ps(a, b);",
     "return _mm256_add_ps(a, b);", True),
    ("a partial load reads a whole vector", "src/avx2/vec.h",
     "PD_INLINE v_f32 v_load_part_f32(const float *p, size_t n) {",
     "PD_INLINE v_f32 v_load_part_f32(const float *p, size_t n) {\n"
     "    if (n > 5) {\n        return v_load_f32(p);\n    }"),
    ("AVX2 rounds ties of bf16 up", "src/avx2/vec.h",
     "_mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff))",
     "_mm256_or_si256(odd, _mm256_set1_epi32(0x8000))"),
    ("AVX2 leaves a factor of 0", "src/avx2/vec.h",
     "_CMP_EQ_OQ",
     "_CMP_FALSE_OQ"),
    ("AVX-512 stores normals out of order", "src/avx512/vec.h",
     "_mm512_setr_epi32(0, 8, 4, 12,",
     "_mm512_setr_epi32(0, 4, 8, 12,"),
]]


def check(mutants):
    """What keeps the mutants from being applied, as lines."""
    errors = []
    for mutant in mutants:
        path = ROOT / mutant.file
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        if text.count(mutant.before) != 1:
            errors.append(f"{mutant.file}: {text.count(mutant.before)} times, not once:\n"
                          f"{mutant.before}\n(the mutant: {mutant.what})")
        if mutant.before == mutant.after:
            errors.append(f"{mutant.file}: changes nothing: {mutant.what}")
    names = [mutant.what for mutant in mutants]
    errors += [f"two mutants are named: {name}" for name in sorted(set(names)) if names.count(name) > 1]
    return errors


class Failure(Exception):
    """A build that failed; its output."""


class Copy:
    """The tree in a temporary folder, with one build folder in it: the test preset, without what
    shows nothing more of src/ and takes long to build."""

    def __init__(self, folder, jobs):
        self.root = pathlib.Path(folder) / "planedrop"
        self.build_folder = self.root / "build" / "mutants"
        self.jobs = jobs
        shutil.copytree(ROOT, self.root, ignore=lambda _, names: {"build", ".git", "shared"} & set(names))
        self.amalgamation = self.root / "tests" / "amalgamation" / "CMakeLists.txt"
        self.amalgamation_text = self.amalgamation.read_text(encoding="utf-8")
        self.amalgamation.write_text("", encoding="utf-8")
        self.run("cmake", "--preset", "test", "-B", self.build_folder, "-D", "PLANEDROP_BUILD_EXAMPLES=OFF",
                 "-D", "PLANEDROP_INSTALL=OFF", "-D", "CMAKE_COMPILE_WARNING_AS_ERROR=OFF")

    def run(self, *command):
        done = subprocess.run([str(word) for word in command], cwd=self.root, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise Failure(done.stdout[-4000:])

    def build(self):
        self.run("cmake", "--build", self.build_folder, "--parallel", self.jobs)

    def failed_tests(self, cases=None, first=False):
        """The names of the tests that fail, without their instruction set: natively, on every one.
        cases: of random tests; their default shows more and takes longer. first: one is enough."""
        log = self.build_folder / "Testing" / "Temporary" / "LastTestsFailed.log"
        log.unlink(missing_ok=True)
        environment = {**os.environ, "PLANEDROP_TEST_SEED": "1"}
        environment.pop("PLANEDROP_TEST_CASES", None)
        if cases is not None:
            environment["PLANEDROP_TEST_CASES"] = str(cases)
        command = ["ctest", "--parallel", str(self.jobs), "--label-exclude", "slow|either-compiler",
                   "--exclude-regex", r"^(nehalem|haswell|instructions)\."]
        # 0: all passed, 8: some failed.
        done = subprocess.run(command + ["--stop-on-failure"] * first, cwd=self.build_folder, env=environment,
                              text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode not in (0, 8) or "No tests were found" in done.stdout:
            raise Failure(done.stdout[-4000:])
        lines = log.read_text(encoding="utf-8").splitlines() if log.is_file() else []
        return sorted({line.split(":", 1)[1].split(".")[0] for line in lines})

    def failed_tests_of(self, mutant, first):
        """Builds the mutant. The tests run quickly first, and at length if that shows nothing."""
        path = self.root / mutant.file
        text = path.read_text(encoding="utf-8")
        if mutant.amalgamation:
            self.amalgamation.write_text(self.amalgamation_text, encoding="utf-8")
        path.write_text(text.replace(mutant.before, mutant.after), encoding="utf-8")
        try:
            self.build()
            return self.failed_tests(200, first) or self.failed_tests(None, first)
        finally:
            path.write_text(text, encoding="utf-8")
            if mutant.amalgamation:
                self.amalgamation.write_text("", encoding="utf-8")


def progress(text, since):
    print(f"mutants.py: {text} ({time.monotonic() - since:.0f} s)", file=sys.stderr, flush=True)


def run(mutants, jobs, first):
    """Prints the table. Returns the mutants that survive or do not compile."""
    bad = []
    since = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(folder, jobs)
        copy.build()
        failed = copy.failed_tests()
        if failed:
            sys.exit(f"mutants.py: tests fail before anything is broken: {' '.join(failed)}")
        progress("built, and all tests pass", since)
        print("| what is broken | where | tests that fail |\n|---|---|---|", flush=True)
        for number, mutant in enumerate(mutants, 1):
            try:
                result = " ".join(copy.failed_tests_of(mutant, first))
            except Failure as failure:
                print(failure, file=sys.stderr)
                result = "**DOES NOT COMPILE**"
            if not result or result.startswith("*"):
                bad.append(mutant)
            print(f"| {mutant.what} | {mutant.file} | {result or '**SURVIVES**'} |", flush=True)
            progress(f"{number} of {len(mutants)}", since)
    return bad


def main():
    parser = argparse.ArgumentParser(description="Breaks the library and sees which tests fail.")
    parser.add_argument("--check", action="store_true", help="only look whether each mutant has its place")
    parser.add_argument("--only", metavar="REGEX", default="", help="mutants whose name or file matches")
    parser.add_argument("--first", action="store_true", help="of each only the first test that fails")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N")
    arguments = parser.parse_args()
    errors = check(MUTANTS)
    if errors:
        sys.exit("\n".join(errors))
    mutants = [m for m in MUTANTS if re.search(arguments.only, f"{m.what} | {m.file}")]
    if not mutants:
        sys.exit(f"mutants.py: no mutant matches {arguments.only}")
    if arguments.check:
        print(f"{len(mutants)} mutants have their places")
        return
    try:
        bad = run(mutants, arguments.jobs, arguments.first)
    except Failure as failure:
        sys.exit(f"{failure}\nmutants.py: the copy does not build before anything is broken")
    if bad:
        sys.exit(f"mutants.py: {len(bad)} mutants survive or do not compile")


if __name__ == "__main__":
    main()
