#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes planedrop as two files, planedrop.c and planedrop.h, that one plain cc line compiles.

    tools/amalgamate.py DIRECTORY

planedrop.c is the headers, the kernels once for each instruction set and element type, and the
other sources, each #include "..." replaced by the file's text. What the library's own build does by
flags and by separate files is text here: an instruction set's kernels stand between pragmas that
give the target, and file-scope names of the kernels get a prefix, such as avx2_f32_.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
PUBLIC = ROOT / "include" / "planedrop" / "planedrop.h"
GENERIC = SOURCE / "vec_generic.h"  # a part of every vec.h
COMMENT = r"/\*.*?\*/"


def expand(path, folders, placed):
    """A file's text with the files that it includes in their places; "" for one with an include
    guard that is in `placed`, where those that were expanded are added."""
    text = path.read_text(encoding="utf-8").replace("/* SPDX-License-Identifier: MIT\n *\n * ", "/* ")
    guarded = re.search(r"^#ifndef (\w+_H)\n#define \1\n", text, re.M)
    if path.suffix == ".def":
        return re.sub(COMMENT + "\n", "", text, flags=re.S)
    if guarded:
        if path in placed:
            return ""
        placed.add(path)
        text = text.replace(guarded[0], "").rstrip().removesuffix("#endif")

    def include(line):
        for folder in [path.parent, *folders]:
            if (folder / line[1]).is_file():
                return expand(folder / line[1], folders, placed)
        sys.exit(f"amalgamate.py: no file for {line[0]}")

    name = path.relative_to(ROOT).as_posix()
    return f"\n/* ---- {name} {'-' * (88 - len(name))} */\n" + re.sub(
        r'^#include "(.+)"\n', include, text, flags=re.M)


def undefine(text):
    """#undef lines for the macros that a text defines and leaves defined."""
    left = {}
    for verb, name in re.findall(r"^#(define|undef) (\w+)", text, re.M):
        left[name] = verb == "define"
    return "".join(f"#undef {name}\n" for name in left if left[name])


def file_scope_names(code):
    """The names of functions, and those of types, enumerators and data, that a text defines. What
    starts in column 0 is at file scope, and nothing else is."""
    functions = re.findall(r"^\w[\w\s*]*[\s*]([a-z]\w*)\(", code, re.M)
    others = re.findall(r"^(?:struct|enum) (\w+) \{", code, re.M)
    others += re.findall(r"^typedef [^;{]*?(\w+);", code, re.M)
    others += re.findall(r"^(?:static [\w\s*]*[\s*]|\} )(\w+)(?:\[\w*\])*(?: =|;)", code, re.M)
    for body in re.findall(r"^enum [^}]*", code, re.M):
        others += re.findall(r"[{,]\s*(\w+)", body)
    return [sorted(name for name in set(names) if not re.match("pd_|planedrop_", name))
            for names in (functions, others)]


def unit(path, prefix, folders, placed):
    """A translation unit's text, such that others may follow: its file-scope names get a prefix, and
    its macros end with it."""
    text = expand(path, folders, placed)
    functions, others = file_scope_names(
        re.sub(r"^#(?:.*\\\n)*.*", "", re.sub(COMMENT, "", text, flags=re.S), flags=re.M))
    # what looks like names: members, and words as macros paste them, such as V(load)
    other = rf'{COMMENT}|"[^"\n]*"|#include[^\n]*|(?:\.|->)\w+|\b[A-Z]+\(\w+\)'

    def rename(names, text):
        return re.sub(rf"{other}|\b({'|'.join(names)})\b",
                      lambda found: (prefix if found[1] else "") + found[0], text, flags=re.S)

    # within a struct's definition functions' names are members
    parts = re.split(r"^((?:static const )?struct(?: \w+)? \{.*?^\})", text, flags=re.M | re.S)
    text = "".join(rename(others if i % 2 else others + functions, part) for i, part in enumerate(parts))
    return re.sub(r"extern const [^;]*;", "", text) + undefine(text)


def instruction_set(condition, isa, flags, headers):
    """The kernels of one row of isa.def, in its target. All names of a vocabulary begin with v_ or
    V_."""
    folders, placed = [SOURCE / isa, SOURCE], headers - {GENERIC}
    text = expand(SOURCE / isa / "vec.h", folders, placed)
    for path in sorted((SOURCE / "dtype").glob("*.c")):
        text += unit(path, f"{isa}_{path.stem}_", folders, placed)
    text += unit(SOURCE / "kernel" / "backend.c", f"{isa}_", folders, placed)
    text = re.sub(r"\b(?=[vV]_)", f"{isa}_", text)
    text = re.sub(r"^const ", "static const ", text, flags=re.M)
    system = dict.fromkeys(re.findall(r"^#include <.*\n", text, re.M))  # in front of the target
    text = re.sub(r"^#include <.*\n", "", text, flags=re.M)
    target = ",".join(flag[2:] for flag in flags.split() if flag.startswith("-m"))
    if target:
        text = f"""
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("{target}"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("{target}")
#endif
{text}
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
"""
    return f"""
/* ==== {isa} {'=' * (88 - len(isa))} */
#if PD_IF_{condition}(1) + 0
{"".join(system)}
#if defined(__cplusplus)
extern "C" {{ /* SLEEF's functions */
#endif
#define PD_ISA {isa}
{text}
#undef PD_ISA
#if defined(__cplusplus)
}}
#endif
#endif
"""


def main():
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} DIRECTORY")
    public = PUBLIC.read_text(encoding="utf-8")
    version = ".".join(re.findall(r"#define PLANEDROP_VERSION_\w+ (\d+)", public))
    notice = f"Generated by tools/amalgamate.py of planedrop {version}: change its sources, not this."
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8").strip()
    licence = "".join(f" * {line}".rstrip() + "\n" for line in licence.splitlines())
    rows = re.findall(r"^PD_IF_(\w+)\(PD_ISA\((\w+), [^,]*, ([^)]*)\)\)$",
                      (SOURCE / "isa.def").read_text(encoding="utf-8"), re.M)

    folders, placed = [SOURCE, ROOT / "include"], {PUBLIC, GENERIC}
    headers = "".join(expand(path, folders, placed) for path in sorted(SOURCE.glob("*.h")))
    headers = re.sub(r"^(?!static|typedef)(?=[a-z][\w *]*\bpd_\w+\()", "static ", headers, flags=re.M)
    isas = "".join(instruction_set(*row, placed) for row in rows)
    sources = "".join(unit(path, f"{path.stem}_", folders, placed) for path in sorted(SOURCE.glob("*.c")))
    text = f"""/* SPDX-License-Identifier: MIT
 * {notice}
 *
 * Compile it by itself: cc -O2 -c planedrop.c, as C11 or as C++17; nothing depends on other flags.
 * (gcc's -mrecip excepted, under the Gaussian law.)
 * For the Gaussian law add -DPLANEDROP_WITH_SLEEF (on x86-64: for gcc), and link with -lsleef -lm.
 *
{licence} */
#include "planedrop.h"

#if defined(PLANEDROP_WITH_SLEEF) && defined(__clang__) && defined(__x86_64__)
#error "clang passes vectors to SLEEF by the flags of the whole file: take gcc or the library's build"
#endif
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function" /* inline ones, and those for tests */
#if defined(__cplusplus)
#pragma GCC diagnostic ignored "-Wpedantic" /* compound literals */
#if !defined(__clang__)                     /* false alarms */
#pragma GCC diagnostic ignored "-Wextra"               /* an enumerator and a size in ?: */
#pragma GCC diagnostic ignored "-Wuninitialized"       /* in its own immintrin.h */
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized" /* and this one */
#endif
#endif
{headers}
#if !defined(__clang__) /* clang's -O2 is as good */
#pragma GCC push_options
#pragma GCC optimize("O3", "no-tree-loop-distribute-patterns")
#endif
{isas}
#if !defined(__clang__)
#pragma GCC pop_options
#endif
{sources}
#pragma GCC diagnostic pop
"""
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "planedrop.c").write_text(re.sub(r"\n{3,}", "\n\n", text), encoding="utf-8")
    public = f"/* {notice}\n * The licence stands in planedrop.c. */\n{public}"
    (folder / "planedrop.h").write_text(public, encoding="utf-8")


if __name__ == "__main__":
    main()
