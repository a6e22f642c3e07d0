# SPDX-License-Identifier: MIT
"""Masks and products in NumPy, written from the contract alone (docs/design.md, planedrop.h): what
the library and the tool must give, to the bit."""
from fractions import Fraction

import numpy as np

LOW = np.uint64(0xFFFFFFFF)
SHIFT = np.uint64(32)


def philox4x32(counter, key):
    """Ten rounds (Salmon et al. 2011). counter: four arrays of uint64 below 2^32; key: two ints."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0 = np.uint64(0xD2511F53) * c0
        p1 = np.uint64(0xCD9E8D57) * c2
        c0, c1 = (p1 >> SHIFT) ^ c1 ^ np.uint64(k0), p1 & LOW
        c2, c3 = (p0 >> SHIFT) ^ c3 ^ np.uint64(k1), p0 & LOW
        k0, k1 = (k0 + 0x9E3779B9) % 2**32, (k1 + 0xBB67AE85) % 2**32
    return c0, c1, c2, c3


def keep_row(draws, rate, seed, offset, first=0):
    """The mask of draws first ... first + draws - 1, True = kept."""
    threshold = round(Fraction(rate) * 2**32)  # half to even
    words = np.arange(first // 32, (first + draws + 31) // 32, dtype=np.uint64)
    numbers = np.zeros((len(words), 32), np.uint64)
    bits = np.arange(32, dtype=np.uint64)
    for block in range(8):
        low = words * np.uint64(8) + np.uint64(block)
        high = [np.full_like(low, offset & 0xFFFFFFFF), np.full_like(low, offset >> 32)]
        planes = philox4x32((low & LOW, low >> SHIFT, *high), (seed & 0xFFFFFFFF, seed >> 32))
        for plane in planes:
            numbers = numbers << np.uint64(1) | plane[:, None] >> bits & np.uint64(1)
    return (numbers >= np.uint64(threshold)).reshape(-1)[first % 32 :][:draws]


def keep(shape, rate, seed, offset):
    return keep_row(int(np.prod(shape, dtype=np.uint64)), rate, seed, offset).reshape(shape)


def to_bf16(values):
    """float32 to the upper halves of their bits, rounded half to even."""
    bits = values.view(np.uint32)
    rounded = (bits + np.uint32(0x7FFF) + (bits >> np.uint32(16) & np.uint32(1))) >> np.uint32(16)
    quiet = bits >> np.uint32(16) | np.uint32(0x40)
    return np.where(np.isnan(values), quiet, rounded).astype(np.uint16)


def scaled(x, rate):
    """x * 1/(1-rate): one product in float64 for float64, else in float32; uint16 is bfloat16."""
    scale = 1 / (1 - rate)
    if x.dtype == np.float64:
        return x * scale
    if x.dtype == np.uint16:
        return to_bf16((x.astype(np.uint32) << np.uint32(16)).view(np.float32) * np.float32(scale))
    return (x.astype(np.float32) * np.float32(scale)).astype(x.dtype)


def dropout(x, noise, rate, seed, offset, scale=True):
    if rate == 0:
        return x
    if rate == 1:
        return np.zeros_like(x)
    with np.errstate(all="ignore"):
        values = scaled(x, rate) if scale else x
    return np.where(keep(noise, rate, seed, offset), values, x.dtype.type(0))
