#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""dlpack_real.py LIBRARY: the DLPack adapter on tensors of the real NumPy, PyTorch and JAX.

Capsules, of the versioned and of the older kind, go to drop_capsules (dlpack_real.c). Prints a line
for each check, and exits with 1 if one fails.
"""

import ctypes
import functools
import itertools
import sys

import ml_dtypes
import numpy as np

try:
    import jax
    import jax.numpy as jnp
    import torch
except ModuleNotFoundError as error:
    if error.name not in ("jax", "torch"):
        raise
    print(f"SKIPPED: {error}")
    sys.exit(77)

sys.dont_write_bytecode = True  # leaves nothing in the source tree
import checks
from checks import least_times, report, status

refuses = functools.partial(checks.refuses, errors=(ValueError, BufferError))
jax.config.update("jax_enable_x64", True)
torch.set_num_threads(1)
RATE = 0.3
SHAPE = (4, 6, 5, 7)
SPATIAL, ELEMENTS = 0b11, 0b11111111  # which axes have draws of their own


class Call(ctypes.Structure):
    _fields_ = [
        ("rate", ctypes.c_double),
        ("seed", ctypes.c_uint64),
        ("offset", ctypes.c_uint64),
        ("drawn", ctypes.c_uint64),
        ("mask", ctypes.c_void_p),
        ("multipliers", ctypes.c_void_p),
    ]


library = ctypes.CDLL(sys.argv[1])
library.drop_capsules.restype = ctypes.c_char_p
library.drop_capsules.argtypes = [
    ctypes.POINTER(Call),
    ctypes.c_void_p,
    ctypes.c_int,
    ctypes.c_void_p,
    ctypes.c_int,
]
python = ctypes.pythonapi
python.PyCapsule_GetName.restype, python.PyCapsule_GetName.argtypes = ctypes.c_char_p, [
    ctypes.py_object
]
python.PyCapsule_GetPointer.restype = ctypes.c_void_p
python.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
kinds_seen = set()


def drop(x, y, drawn=SPATIAL, offset=0, rate=RATE, mask=None, multipliers=None, versioned=True):
    """y = dropout(x). The capsules stay ours: they free their tensors when they are collected."""
    arguments, capsules = [], []
    for tensor, newer in ((x, versioned), (y, True)):
        capsule = tensor.__dlpack__(max_version=(1, 0)) if newer else tensor.__dlpack__()
        name = python.PyCapsule_GetName(capsule)
        kinds_seen.add((type(tensor).__module__.split(".")[0].removesuffix("lib"), name.decode()))
        capsules.append(capsule)
        arguments += [python.PyCapsule_GetPointer(capsule, name), name == b"dltensor_versioned"]
    call = Call(rate, 42, offset, drawn, mask, multipliers)
    failure = library.drop_capsules(ctypes.byref(call), *arguments)
    if failure is not None:
        raise ValueError(failure.decode())


def kept(shape, drawn, offset=0):
    """What planedrop_mask draws for a tensor of this shape, 1 = kept, broadcast to its elements."""
    noise = [n if drawn >> a & 1 else 1 for a, n in enumerate(shape)]
    multipliers = np.full(noise, np.nan, np.float32)
    data = np.zeros(shape, np.float32)
    drop(data, data, drawn, offset, multipliers=multipliers.ctypes.data)
    assert set(np.unique(multipliers)) <= {np.float32(0), np.float32(1 / (1 - RATE))}
    return np.broadcast_to(multipliers != 0, shape)


def numbers(tensor):
    """The tensor as a NumPy array: bfloat16 is ml_dtypes' type."""
    if isinstance(tensor, torch.Tensor) and tensor.dtype == torch.bfloat16:
        return tensor.contiguous().view(torch.int16).numpy().view(ml_dtypes.bfloat16)
    return np.asarray(tensor)


def expected(x, drawn, offset=0):
    x = numbers(x)
    compute = np.float64 if x.dtype == np.float64 else np.float32
    product = (x.astype(compute) * compute(1 / (1 - RATE))).astype(x.dtype)
    return np.where(kept(x.shape, drawn, offset), product, np.zeros((), x.dtype))


def equal(got, want):
    got = numbers(got)
    return got.dtype == want.dtype and got.tobytes() == want.tobytes()


random = np.random.default_rng(1)
make = {
    "numpy": lambda a: a,
    "torch": lambda a: (
        torch.from_numpy(a.astype(np.float32)).to(torch.bfloat16)
        if a.dtype == ml_dtypes.bfloat16
        else torch.from_numpy(a)
    ),
    "jax": jnp.asarray,
}
types = {"f32": np.float32, "f64": np.float64, "f16": np.float16, "bf16": ml_dtypes.bfloat16}


def layouts(library_name):
    """A name, and what makes a view of SHAPE of a larger tensor."""
    yield "dense", (4, 6, 5, 7), lambda t: t
    if library_name == "jax":
        return  # its arrays are dense
    yield "channels last", (4, 5, 7, 6), lambda t: (
        t.transpose(0, 3, 1, 2) if isinstance(t, np.ndarray) else t.permute(0, 3, 1, 2)
    )
    yield "slices", (4, 13, 5, 9), lambda t: t[:, 1::2, :, 1:8]
    if library_name == "numpy":
        yield "flipped", SHAPE, lambda t: t[::-1, :, ::-1]


def check_types_and_layouts():
    for name, (type_name, dtype) in itertools.product(make, types.items()):
        if name == "numpy" and type_name == "bf16":
            continue  # NumPy exports no bfloat16
        cases = right = 0
        for (_, full, view), drawn, versioned in itertools.product(
            layouts(name), (SPATIAL, ELEMENTS), (False, True)
        ):
            x = view(make[name](random.standard_normal(full).astype(dtype)))
            output = "numpy" if name == "jax" and type_name != "bf16" else "torch"
            output = name if name != "jax" else output
            for _, y_full, y_view in layouts(output):
                base = make[output](np.full(y_full, 7, dtype))
                outside = numbers(base).copy()
                y = y_view(base)
                drop(x, y, drawn, offset=cases, versioned=versioned)
                cases += 1
                right += equal(y, expected(x, drawn, offset=cases - 1))
                y[...] = 7
                right -= not equal(base, outside)  # what is not of the view stays
        report(
            f"{name} {type_name}: both kinds of dropout, layouts, capsules",
            right == cases,
            f"{right} of {cases}",
        )


def check_broadcasts():
    for name in ("numpy", "torch"):
        expand = np.broadcast_to if name == "numpy" else lambda t, shape: t.expand(shape)
        row = make[name](random.standard_normal((1, 6, 5, 7)).astype(np.float32))
        one = make[name](np.full((1, 1, 1, 1), 3, np.float32))
        for what, x in (
            ("an axis expanded", expand(row, SHAPE)),
            ("expanded from a scalar", expand(one, SHAPE)),
        ):
            for drawn in (SPATIAL, ELEMENTS):
                y = make[name](np.full(SHAPE, 7, np.float32))
                drop(x, y, drawn)
                report(
                    f"{name}: x {what}, {'maps' if drawn == SPATIAL else 'elements'}",
                    equal(y, expected(x, drawn)),
                )
    for name in make:
        x, y = make[name](np.full((), 3, np.float64)), np.full((), 7.0)
        drops = 0
        right = True
        for offset in range(32):
            drop(x, y, offset=offset)
            right &= equal(y, expected(x, SPATIAL, offset))
            drops += y == 0
        report(f"{name}: 0-dim tensors, 32 offsets", right and 0 < drops < 32, f"{drops} dropped")
        x, around = make[name](np.zeros((0, 3), np.float32)), np.full((2, 3), 7, np.float32)
        drop(x, around[1:1])
        report(f"{name}: a tensor without elements", (around == 7).all())


def check_masks():
    for name, view in (
        ("dense", lambda t: t),
        ("channels last", lambda t: t.to(memory_format=torch.channels_last)),
    ):
        for drawn in (SPATIAL, ELEMENTS):
            x = view(torch.randn(SHAPE))
            y, mask = torch.empty_like(x), torch.empty_like(x, dtype=torch.bool)
            drop(x, y, drawn, mask=mask.data_ptr())
            right = equal(mask, np.ascontiguousarray(kept(SHAPE, drawn))) and equal(
                y, expected(x, drawn)
            )
            theirs, their_mask = torch.native_dropout(x, RATE, True)
            right &= mask.dtype == their_mask.dtype and mask.stride() == their_mask.stride()
            right &= bool(((theirs != 0) == their_mask).all() and ((y != 0) == mask).all())
            kind = "maps" if drawn == SPATIAL else "elements"
            report(f"torch {name}, {kind}: the bool mask, as native_dropout's", right)


def check_refusals():
    x, y = np.ones(SHAPE, np.float32), np.full(SHAPE, 7, np.float32)
    y.flags.writeable = False
    refuses("numpy: read-only y", "y is read-only", lambda: drop(x, y))
    refuses("numpy: read-only view", "y is read-only", lambda: drop(x, np.broadcast_to(y, SHAPE)))
    report("numpy: read-only y is not written", bool((y == 7).all()))
    z = jnp.full(SHAPE, 7, jnp.float32)
    refuses("jax: y is immutable", "whether y may be written", lambda: drop(x, z))
    report("jax: y is not written", bool((z == 7).all()))
    same = "x and y must have the same "
    for name, bad, message in (
        ("another shape", np.ones((4, 6, 5, 8), np.float32), same + "shape"),
        ("fewer axes", np.ones(3, np.float32), same + "number of axes"),
        ("another type", np.ones(SHAPE), same + "type"),
        ("y shares elements", torch.ones(1).expand(SHAPE), "elements of y must not share"),
    ):
        refuses(f"refused: {name}", message, lambda: drop(x, bad))
    for dtype in (np.int32, np.bool_, np.complex64):
        z = np.zeros(SHAPE, dtype)
        refuses(f"refused: {np.dtype(dtype)}", "dtype must be", lambda: drop(z, z))
    refuses("refused: rate 1.5", "rate must be in [0, 1]", lambda: drop(x, x.copy(), rate=1.5))
    refuses("refused: an overlap", "share no element", lambda: drop(x[:-1], x[1:]))
    refuses(
        "refused: torch y that requires a gradient",
        "require gradient",
        lambda: drop(x, torch.ones(SHAPE, requires_grad=True)),
    )


class Dropout(torch.autograd.Function):
    @staticmethod
    def forward(context, x, drawn, offset):
        context.call = drawn, offset
        y = torch.empty_like(x)
        drop(x.detach(), y, drawn, offset)
        return y

    @staticmethod
    def backward(context, dy):
        dx = torch.empty_like(dy, memory_format=torch.contiguous_format)
        drop(dy, dx, *context.call)
        return dx, None, None


def check_autograd():
    for drawn, what in ((SPATIAL, "maps"), (ELEMENTS, "elements")):
        for layout in (torch.contiguous_format, torch.channels_last):
            x = (
                torch.randn((2, 3, 4, 4), dtype=torch.float64)
                .to(memory_format=layout)
                .requires_grad_()
            )
            right = torch.autograd.gradcheck(lambda t: Dropout.apply(t, drawn, 5), (x,), atol=1e-9)
            report(f"torch: gradcheck in f64, {what}, {str(layout)[6:]}", right)
        x = torch.randn(SHAPE, requires_grad=True)
        Dropout.apply(x, drawn, 5).sum().backward()
        report(
            f"torch: y.sum().backward(), {what}",
            equal(x.grad, expected(np.ones(SHAPE, np.float32), drawn, 5)),
        )


def check_speed():
    x = torch.randn(32, 64, 28, 28)
    y = torch.empty_like(x)

    def ours(drawn):
        return lambda: drop(x, y, drawn)

    runs = {
        "planedrop, maps": ours(SPATIAL),
        "planedrop, elements": ours(ELEMENTS),
        "torch dropout2d": lambda: torch.nn.functional.dropout2d(x, RATE, True),
        "torch dropout": lambda: torch.nn.functional.dropout(x, RATE, True),
    }
    print("\n32x64x28x28 f32, one thread, best of 20, in turn; torch also allocates its result")
    best = least_times(runs)
    print(
        f"  torch : planedrop    maps {best['torch dropout2d'] / best['planedrop, maps']:.1f}, "
        f"elements {best['torch dropout'] / best['planedrop, elements']:.1f}"
    )


print(
    f"numpy {np.__version__}, torch {torch.__version__}, jax {jax.__version__}, "
    f"ml_dtypes {ml_dtypes.__version__}, python {sys.version.split()[0]}"
)
check_types_and_layouts()
check_broadcasts()
check_masks()
check_refusals()
check_autograd()
report(
    "the kinds of capsules",
    {
        ("numpy", "dltensor"),
        ("numpy", "dltensor_versioned"),
        ("torch", "dltensor"),
        ("torch", "dltensor_versioned"),
        ("jax", "dltensor"),
    }
    <= kinds_seen,
    f"{len(kinds_seen)}",
)
check_speed()
sys.exit(status())
