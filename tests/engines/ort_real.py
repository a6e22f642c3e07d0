#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""ort_real.py LIBRARY: the custom operator of ort_op.c in the real ONNX Runtime.

Its results are those of planedrop_mask, which the same library exports. Prints a line for each
check, and exits with 1 if one fails.
"""

import concurrent.futures
import ctypes
import functools
import sys

import ml_dtypes
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

sys.dont_write_bytecode = True  # leaves nothing in the source tree
import checks
from checks import least_times, report, status

# ONNX Runtime has a class of exceptions for each code
refuses = functools.partial(checks.refuses, errors=Exception)
SHAPE = (4, 6, 5, 300)
RATE = 0.3
SEED = 42
library = ctypes.CDLL(sys.argv[1])


u64 = ctypes.c_uint64


class Desc(ctypes.Structure):  # planedrop_desc
    _fields_ = [
        ("size", ctypes.c_uint32),
        *((name, ctypes.c_int32) for name in ("dtype", "law", "stream", "flags", "ndim")),
        ("rate", ctypes.c_double),
        ("dims", u64 * 8),
        ("noise", u64 * 8),
        ("rest", u64 * 48),
    ]


class Rng(ctypes.Structure):
    _fields_ = [("seed", ctypes.c_uint64), ("offset", ctypes.c_uint64)]


assert ctypes.sizeof(Desc) == 544
library.planedrop_plan_init.argtypes = [ctypes.c_void_p, ctypes.POINTER(Desc)]
library.planedrop_mask.argtypes = [ctypes.c_void_p, Rng, ctypes.c_int32, u64, u64, ctypes.c_void_p]


def kept(shape, spatial, offset):
    """What planedrop_mask draws for a tensor of this shape, 1 = kept, broadcast to its elements."""
    noise = tuple(n if a < 2 or not spatial else 1 for a, n in enumerate(shape))
    draws = int(np.prod(noise))
    plan, bools = (u64 * 128)(), np.full(noise, 7, np.uint8)
    desc = Desc(size=ctypes.sizeof(Desc), ndim=1, rate=np.float32(RATE))
    desc.dims[0] = desc.noise[0] = draws
    assert library.planedrop_plan_init(plan, desc) == 0
    form_bytes = 1
    assert (
        library.planedrop_mask(plan, Rng(SEED, offset), form_bytes, 0, draws, bools.ctypes.data)
        == 0
    )
    return np.broadcast_to(bools.astype(bool), shape)


def expected(x, mask):
    compute = np.float64 if x.dtype == np.float64 else np.float32
    product = (x.astype(compute) * compute(1 / (1 - float(np.float32(RATE))))).astype(x.dtype)
    return np.where(mask, product, np.zeros((), x.dtype))


def session(element_type, spatial=1, mask=True, threads=1, own=True, cast=None, attributes=None):
    """A graph of one node: this operator, or ONNX' own Dropout. cast: x as this type on the way."""
    outputs = ["y", "mask"] if mask else ["y"]
    if own:
        given = {"seed": SEED, "spatial": spatial} if attributes is None else attributes
        nodes = [
            helper.make_node(
                "Dropout", ["x", "ratio", "offset"], outputs, domain="planedrop", **given
            )
        ]
    else:
        nodes = [helper.make_node("Dropout", ["x", "ratio", "training"], outputs, seed=SEED)]
    if cast is not None:
        nodes[0].input[0], nodes[0].output[0] = "cast_x", "cast_y"
        nodes = [
            helper.make_node("Cast", ["x"], ["cast_x"], to=cast),
            *nodes,
            helper.make_node("Cast", ["cast_y"], ["y"], to=element_type),
        ]
    tensor = helper.make_tensor_value_info
    inputs = [tensor("x", element_type, None), tensor("ratio", TensorProto.FLOAT, None)]
    inputs.append(
        tensor("offset", TensorProto.INT64, None)
        if own
        else tensor("training", TensorProto.BOOL, [])
    )
    results = [tensor("y", element_type, None), tensor("mask", TensorProto.BOOL, None)][
        : len(outputs)
    ]
    model = helper.make_model(
        helper.make_graph(nodes, "dropout", inputs, results),
        ir_version=8,
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("planedrop", 1)],
    )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 4  # failures are raised; they need no log as well
    options.register_custom_ops_library(sys.argv[1])
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, ["CPUExecutionProvider"]
    )


def run(made, x, offset=3, ratio=RATE):
    return made.run(
        None, {"x": x, "ratio": np.array(ratio, np.float32), "offset": np.array(offset)}
    )


random = np.random.default_rng(1)


def check_results():
    types = (
        ("f32", TensorProto.FLOAT, np.float32, None),
        ("f16", TensorProto.FLOAT16, np.float16, None),
        ("f64", TensorProto.DOUBLE, np.float64, None),
        ("bf16", TensorProto.FLOAT, np.float32, TensorProto.BFLOAT16),
    )
    for name, element_type, dtype, cast in types:
        x = random.standard_normal(SHAPE).astype(dtype)
        if cast is not None:
            x = x.astype(ml_dtypes.bfloat16).astype(dtype)
        for spatial in (1, 0):
            want_mask = kept(SHAPE, spatial, 3)
            want = expected(x if cast is None else x.astype(ml_dtypes.bfloat16), want_mask).astype(
                dtype
            )
            right = 0
            for threads in (1, 2, 3):
                y, mask = run(session(element_type, spatial, True, threads, cast=cast), x)
                (y_alone,) = run(session(element_type, spatial, False, threads, cast=cast), x)
                right += (
                    y.tobytes() == y_alone.tobytes() == want.tobytes()
                    and mask.dtype == bool
                    and np.array_equal(mask, want_mask)
                )
            report(
                f"{name}, {'maps' if spatial else 'elements'}: y and mask, 1 to 3 threads",
                right == 3,
                f"{1 - mask.mean():.3f} dropped",
            )


def check_large():
    """More parts than one: 6 MiB, on threads that share them."""
    x = random.standard_normal((32, 64, 28, 28)).astype(np.float32)
    want_mask = kept(x.shape, 1, 9)
    for threads in (1, 2, 3):
        y, mask = run(session(TensorProto.FLOAT, threads=threads), x, 9)
        report(
            f"32x64x28x28, {threads} threads",
            y.tobytes() == expected(x, want_mask).tobytes() and np.array_equal(mask, want_mask),
        )
    made = session(TensorProto.FLOAT, threads=2)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda offset: run(made, x, offset), range(8)))
    report(
        "8 runs of one session on 4 threads",
        all(
            y.tobytes() == expected(x, kept(x.shape, 1, offset)).tobytes()
            for offset, (y, _) in enumerate(runs)
        ),
    )
    report("8 offsets, distinct masks", len({mask.tobytes() for _, mask in runs}) == 8)
    y, mask = run(made, x, ratio=0)
    report("ratio 0 is evaluation", y.tobytes() == x.tobytes() and bool(mask.all()))


def check_shapes():
    made, elements = session(TensorProto.FLOAT), session(TensorProto.FLOAT, spatial=0)
    drops = sum(run(made, np.array(3, np.float32), offset)[0] == 0 for offset in range(32))
    report("a scalar, 32 offsets", 0 < drops < 32, f"{drops} dropped")
    y, mask = run(made, np.zeros((0, 3), np.float32))
    report("a tensor without elements", y.shape == mask.shape == (0, 3))
    x = np.ones((3, 500), np.float32)
    report("2 axes", np.array_equal(run(made, x)[1], kept(x.shape, 1, 3)))
    x = np.ones((2, 3, 1, 2, 1, 2, 1, 5), np.float32)
    report("8 axes", np.array_equal(run(elements, x)[1], kept(x.shape, 0, 3)))
    refuses("9 axes", "more than 8 axes", lambda: run(made, x[None]))


def check_errors():
    made, x = session(TensorProto.FLOAT), np.ones(SHAPE, np.float32)
    refuses("ratio 1.5", "rate must be in [0, 1]", lambda: run(made, x, ratio=1.5))
    refuses("ratio without elements", "no scalar", lambda: run(made, x, ratio=[]))
    refuses("offset of 2 elements", "no scalar", lambda: run(made, x, offset=[1, 2]))
    refuses("ratio NaN", "rate must be in [0, 1]", lambda: run(made, x, ratio=np.nan))
    refuses(
        "x of integers",
        "dtype must be a planedrop_dtype",
        lambda: run(session(TensorProto.INT64), np.ones(SHAPE, np.int64)),
    )
    refuses(
        "no attribute seed", "seed", lambda: session(TensorProto.FLOAT, attributes={"spatial": 1})
    )
    refuses(
        "no attribute spatial",
        "spatial",
        lambda: session(TensorProto.FLOAT, attributes={"seed": 1}),
    )
    report("after an error the session runs", run(made, x)[0].shape == SHAPE)


def check_speed():
    x = random.standard_normal((32, 64, 28, 28)).astype(np.float32)
    sessions = {
        "planedrop, maps": session(TensorProto.FLOAT, 1, False),
        "planedrop, elements": session(TensorProto.FLOAT, 0, False),
        "planedrop, elements and mask": session(TensorProto.FLOAT, 0, True),
        "ONNX Runtime": session(TensorProto.FLOAT, own=False, mask=False),
        "ONNX Runtime and mask": session(TensorProto.FLOAT, own=False),
    }
    runs = {}
    for name, made in sessions.items():
        third = {"training": np.array(True)} if "ONNX" in name else {"offset": np.array(3)}
        feeds = {"x": x, "ratio": np.array(0.5, np.float32), **third}
        runs[name] = lambda made=made, feeds=feeds: made.run(None, feeds)
    print("\nsession.run, 32x64x28x28 f32, ratio 0.5, one thread, best of 20, in turn")
    best = least_times(runs)
    print(
        f"  ONNX Runtime : planedrop    elements "
        f"{best['ONNX Runtime'] / best['planedrop, elements']:.1f}, with mask "
        f"{best['ONNX Runtime and mask'] / best['planedrop, elements and mask']:.1f}"
    )


print(
    f"onnxruntime {onnxruntime.__version__}, onnx {onnx.__version__}, numpy {np.__version__}, "
    f"ml_dtypes {ml_dtypes.__version__}, python {sys.version.split()[0]}"
)
check_results()
check_large()
check_shapes()
check_errors()
check_speed()
sys.exit(status())
