#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes planedrop as two files, planedrop.c and planedrop.h, that one plain cc line compiles.

    tools/amalgamate.py DIRECTORY

What needs flags in the library's own build is in the text here: each instruction set's kernels
stand between pragmas that give the target, and every name they define gets the instruction set as
a suffix. A file with an include guard is put where it is first included. Any other file (the
kernels and lists, which are included many times) stands once, in a section at the end, and
planedrop.c includes itself to get there.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
PUBLIC = ROOT / "include" / "planedrop" / "planedrop.h"
BACKEND = SOURCE / "kernel" / "backend.c"
FOLDERS = [SOURCE, SOURCE / "kernel", ROOT / "include"]  # where #include "..." looks


def fail(message):
    sys.exit(f"amalgamate.py: {message}")


def find(name):
    for folder in FOLDERS:
        if (folder / name).is_file():
            return folder / name
    fail(f"no file for #include \"{name}\"")


def label(path):
    return path.relative_to(ROOT).as_posix()


def banner(path):
    return f"/* ---- {label(path)} {'-' * (88 - len(label(path)))} */\n"


def wanted(path):
    return "PD_WANT_" + re.sub(r"\W", "_", path.relative_to(SOURCE).as_posix()).upper()


def include_section(path):
    return f'#define {wanted(path)}\n#include "planedrop.c"\n'


def macros_of(text):
    """The macros that a text defines and leaves defined, in order."""
    left = {}
    for verb, name in re.findall(r"^#(define|undef) (\w+)", text, re.M):
        if verb == "define":
            left[name] = True
        else:
            left.pop(name, None)
    return list(left)


def undefine(names):
    return "".join(f"#undef {name}\n" for name in names)


def internal(text):
    """Makes static what the library's own files share: here they are one."""
    text = re.sub(r"^(?!static|typedef)(?=[a-z][\w *]*\bpd_\w+\()", "static ", text, flags=re.M)
    text = re.sub(r"^extern const [^;]*;\n", "", text, flags=re.M)
    return re.sub(r"^const ", "static const ", text, flags=re.M)


def kernel_text(text):
    """Makes inline functions sure to be inlined, as the kernels' loops need at -O2, and compound
    literals and SLEEF's declarations such that C++ has them too."""
    text = re.sub(r"^static inline (?!__attribute__)", "PD_INLINE ", text, flags=re.M)
    text = re.sub(r"^(?=\w+ Sleef_)", "PD_FOREIGN ", text, flags=re.M)
    return re.sub(r"\((v_\w+)\)\{", r"PD_LITERAL(\1){", text)


class Amalgamation:
    def __init__(self):
        self.placed = {PUBLIC}  # guarded files that stand somewhere already
        self.sections = {}  # path: text
        self.headers = []  # texts of guarded files that wait for their place
        self.system = set()  # <headers> that are included whatever the target

    def expand(self, path, guarded=False):
        """The text of a file, with what it includes put in its place or in a section."""
        text = path.read_text(encoding="utf-8")
        if guarded:
            guard = re.search(r"^#ifndef (\w+)\n#define \1\n", text, re.M)
            end = text.rindex("#endif")
            text = text[: guard.start()] + text[guard.end() : end]
        out, depth = [], 0
        for line in text.splitlines(keepends=True):
            depth += line.startswith("#if") - line.startswith("#endif")
            include = re.match(r'#include (?:<(.+)>|"(.+)")', line)
            if include is None or (include[1] and depth > 0):
                out.append(line)
            elif include[1]:
                self.system.add(include[1])
            elif include[2] != "vec.h":  # that one comes before backend.c
                out.append(self.include(find(include[2])))
        return "".join(out)

    def include(self, path):
        if re.search(r"^#ifndef \w+_H$", path.read_text(encoding="utf-8"), re.M):
            if path not in self.placed:
                self.placed.add(path)
                text = internal(self.expand(path, guarded=True))
                self.headers.append(f"\n{banner(path)}{text}")
            return ""
        if path not in self.sections:
            self.sections[path] = ""  # so that order is that of first use
            self.sections[path] = kernel_text(internal(self.expand(path)))
        return include_section(path)

    def after_headers(self, text):
        """A text, behind the headers that making it asked for."""
        headers, self.headers = self.headers, []
        return "".join(headers) + text

    def isa_block(self, isa, condition, features):
        """Compiles the kernels for one instruction set."""
        vec = SOURCE / isa / "vec.h"
        system, self.system = self.system, set()
        self.sections[vec] = kernel_text(self.expand(vec, guarded=True))
        includes = "".join(f"#include <{name}>\n" for name in sorted(self.system))
        self.system = system
        text = include_section(vec) + self.include(BACKEND)
        kernels = f"#define PD_ISA {isa}\n{text}#undef PD_ISA\n"
        if features:
            target = ",".join(features)
            kernels = (
                "#if defined(__clang__)\n"
                f'#pragma clang attribute push(__attribute__((target("{target}"))), '
                "apply_to = function)\n"
                "#else\n"
                "#pragma GCC push_options\n"
                f'#pragma GCC target("{target}")\n'
                "#endif\n"
                f"{kernels}"
                "#if defined(__clang__)\n"
                "#pragma clang attribute pop\n"
                "#else\n"
                "#pragma GCC pop_options\n"
                "#endif\n")
        block = f"{includes}{kernels}"
        return f"\n#if {condition}\n{block}#endif\n" if condition else f"\n{block}"

    def kernels(self):
        blocks = "".join(self.isa_block(*isa) for isa in isas())
        texts = [text for path, text in self.sections.items() if path.suffix != ".def"]
        made_by = pasters(texts)
        macros = {macro for text in texts for macro in macros_of(text)
                  if not macro.startswith("PD_WANT_")}
        names = sorted({name for text in texts for name in names_of(text, made_by)} - macros)
        return self.after_headers(
            "\n/* ---- kernels: a copy for each instruction set, whose name all their names end in */\n"
            "#if defined(__cplusplus)\n"
            "#define PD_LITERAL(type) type\n"
            "#define PD_FOREIGN extern \"C\"\n"
            "#else\n"
            "#define PD_LITERAL(type) (type)\n"
            "#define PD_FOREIGN\n"
            "#endif\n"
            "#define PD_INLINE static inline __attribute__((__always_inline__))\n"
            "#define PD_OF_ISA(name, isa) name##_##isa\n"
            "#define PD_OF(name, isa) PD_OF_ISA(name, isa)\n"
            + "".join(f"#define {name} PD_OF({name}, PD_ISA)\n" for name in names)
            + "\n#if !defined(__clang__) /* clang's -O2 is as good */\n"
            "#pragma GCC push_options\n"
            '#pragma GCC optimize("O3")\n'
            "#endif\n"
            f"{blocks}\n"
            "#if !defined(__clang__)\n"
            "#pragma GCC pop_options\n"
            "#endif\n"
            + undefine(names + sorted(macros) + ["PD_INLINE", "PD_FOREIGN", "PD_LITERAL", "PD_OF", "PD_OF_ISA"]))

    def source(self, path):
        own = macros_of(path.read_text(encoding="utf-8"))
        return self.after_headers(f"\n{banner(path)}{self.expand(path)}{undefine(own)}")


def isas():
    """(name, condition or '', target features) of each line of isa.def; the features are the -m
    flags of the library's own build."""
    text = (SOURCE / "isa.def").read_text(encoding="utf-8")
    flags = (ROOT / "cmake" / "isas.cmake").read_text(encoding="utf-8")
    conditions = {name: test for test, name in
                  re.findall(r"^#if (.+)\n#define (\w+)\(line\) line$", text, re.M)}
    lines = re.findall(r"^(?:(\w+)\()?PD_ISA\((\w+),", text, re.M)
    if not lines:
        fail("src/isa.def has no PD_ISA line")
    for wrapper, isa in lines:
        given = re.search(rf"planedrop_flags_{isa}\b([^)]*)\)", flags)
        if given is None:
            fail(f"cmake/isas.cmake has no planedrop_flags_{isa}")
        features = [flag[2:] for flag in given[1].split() if flag.startswith("-m")]
        yield isa, conditions[wrapper] if wrapper else "", features


def pasters(texts):
    """{macro: {(prefix, suffix)}} of the macros that make names as PD_NAME does: from a word and
    what another macro stands for."""
    text = "\n".join(texts)
    found = {}
    for macro, before, after, other in re.findall(
            r"^#define (\w+)\(word\) +PD_JOIN\((\w+##|)word(##\w+|), (\w+)\)$", text, re.M):
        values = re.findall(rf"^#define {other} +(\w+)$", text, re.M)
        found[macro] = {(before[:-2], after[2:] + value) for value in values}
    return found


def names_of(text, made_by):
    """Every name that a text defines at file scope."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"^#(?:.*\\\n)*.*", "", text, flags=re.M)
    names = set()
    for body in re.findall(r"^enum (?:\w+ )?\{([^}]*)\}", text, re.M):
        names.update(re.findall(r"(?:^|,)\s*(\w+)", body))
    count = 1
    while count:  # what is within braces is not at file scope
        text, count = re.subn(r"\{[^{}]*\}", "@", text)
    name = r"(\w+(?:\(\w+\))?)"
    arguments = r"\((?:[^()@;]|\([^()]*\))*\)"
    names.update(re.findall(rf"\b{name}{arguments}\s*@", text))
    names.update(re.findall(rf"\b(?:struct|enum|union) {name} @", text))
    for types in re.findall(r"^typedef [^;]*;", text, re.M):
        names.update(re.findall(r"(\w+)[,;]", types))
    for data in re.findall(r"^(?:static )?const [^;]*;", text, re.M):
        names.update(re.findall(r"(\w+)(?:\[[^]]*\])* = ", data))
    plain = {name for name in names if "(" not in name}
    for macro, word in re.findall(r"(\w+)\((\w+)\)", " ".join(names - plain)):
        plain.update(before + word + after for before, after in made_by.get(macro, ()))
    return plain


def main():
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} DIRECTORY")
    header = PUBLIC.read_text(encoding="utf-8")
    version = ".".join(re.search(rf"#define PLANEDROP_VERSION_{part} (\d+)", header)[1]
                       for part in ("MAJOR", "MINOR", "PATCH"))
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8").strip()
    notice = f"Generated by tools/amalgamate.py of planedrop {version}: change its sources, not this."

    made = Amalgamation()
    body = made.kernels() + "".join(made.source(path) for path in sorted(SOURCE.glob("*.c")))
    for name in made.system:
        body = body.replace(f"#include <{name}>\n", "")
    sections = "".join(
        f"\n{banner(path)}#elif defined({wanted(path)})\n#undef {wanted(path)}\n{text}"
        for path, text in made.sections.items())
    system = "".join(f"#include <{name}>\n" for name in sorted(made.system))
    lines = "".join(f" * {line}".rstrip() + "\n" for line in licence.splitlines())
    text = f"""/* SPDX-License-Identifier: MIT
 * {notice}
 *
 * Compile it by itself: cc -O2 -c planedrop.c, as C11 or as C++17; nothing depends on other flags.
 * (gcc's -mrecip excepted, under the Gaussian law.)
 * For the Gaussian law add -DPLANEDROP_WITH_SLEEF (on x86-64: for gcc), and link with -lsleef -lm.
 * It includes itself, so it must keep its name: the sections at the end are included once or more
 * from above, each where PD_WANT_... names it.
 *
{lines} */
#ifndef PD_PLANEDROP_C
#define PD_PLANEDROP_C

#include "planedrop.h"

{system}
#if defined(PLANEDROP_WITH_SLEEF) && defined(__clang__) && defined(__x86_64__)
#error "clang passes vectors to SLEEF by the flags of the whole file: take gcc or the library's build"
#endif
#if defined(__cplusplus) && !defined(__clang__) /* false alarms of g++ */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"               /* an enumerator and a size in ?: */
#pragma GCC diagnostic ignored "-Wuninitialized"       /* in its own immintrin.h */
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized" /* and this one */
#endif
{body}
#if defined(__cplusplus) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
#undef PD_PLANEDROP_C
{sections}
#endif
"""
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "planedrop.c").write_text(re.sub(r"\n{3,}", "\n\n", text), encoding="utf-8")
    header = f"/* {notice}\n * The licence stands in planedrop.c. */\n{header}"
    (folder / "planedrop.h").write_text(header, encoding="utf-8")


if __name__ == "__main__":
    main()
