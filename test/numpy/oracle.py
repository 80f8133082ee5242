"""Evaluates reductions twice: as a user of numpy would, and as exactly as Python can.

Reads a line of JSON, {"inputs": [[type, bytes], ...], "cases": [[op, input, ddof, layout], ...]}, and then the bytes of all
inputs. The other operand of a dot product is the input, reversed. Writes JSON, [{"numpy", "warned", "exact", "scale"}, ...].
`numpy` and `exact` are lists of values: integers in decimal, floats as "0x" and the bits of a float64, or null for an
exception. `scale` is the magnitude that a rounding error of the exact result relates to.
"""

import functools
import json
import math
import struct
import sys
import warnings
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np

EPSILON = 2.0**-52
LEAST = 2.0**-1074

DTYPES = {
    "f16": np.float16,
    "bf16": np.uint16,
    "f32": np.float32,
    "f64": np.float64,
    "i8": np.int8,
    "u8": np.uint8,
    "i16": np.int16,
    "u16": np.uint16,
    "i32": np.int32,
    "u32": np.uint32,
    "i64": np.int64,
    "u64": np.uint64,
    "bool": np.uint8,
}
FLOATS = ("f16", "bf16", "f32", "f64")


def elements_of(data, element_type, layout):
    """As many elements as there are, in the closest type of numpy: it has no bfloat16, and its masks hold only 0 and 1."""
    dtype = np.dtype(DTYPES[element_type]).newbyteorder("<")
    if layout is None:
        raw = np.frombuffer(data, dtype)
    else:
        offset, stride, count = layout["offset"], layout["stride"], layout.get("count")
        fitting = max(0, (len(data) - offset - dtype.itemsize) // stride + 1)
        raw = np.ndarray((fitting,), dtype, data, offset, (stride,))[:count]
    if element_type == "bf16":
        return (raw.astype(np.uint32) << 16).view(np.float32).astype(np.float64)
    return raw != 0 if element_type == "bool" else raw


# As a user of numpy would.

NUMPY = {
    "sum": lambda a, b, ddof: [np.sum(a)],
    "mean": lambda a, b, ddof: [np.mean(a)],
    "min": lambda a, b, ddof: [np.min(a)],
    "max": lambda a, b, ddof: [np.max(a)],
    "minmax": lambda a, b, ddof: [np.min(a), np.max(a)],
    "argmin": lambda a, b, ddof: [np.argmin(a)],
    "argmax": lambda a, b, ddof: [np.argmax(a)],
    "all": lambda a, b, ddof: [np.all(a)],
    "any": lambda a, b, ddof: [np.any(a)],
    "countNonzero": lambda a, b, ddof: [np.count_nonzero(a)],
    "dot": lambda a, b, ddof: [np.dot(a, b)],
    "norm": lambda a, b, ddof: [np.linalg.norm(a)],
    "variance": lambda a, b, ddof: [np.var(a, ddof=ddof)],
    "std": lambda a, b, ddof: [np.std(a, ddof=ddof)],
}


def evaluate_numpy(op, a, b, ddof):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            values = NUMPY[op](a, b, ddof)
        except ValueError:
            values = None
    return values, len(caught) > 0


# As exactly as Python can: integers without limit, sums of floats rounded once, the rest in the longest float.


def zero_sum(zeros):
    """The sum of zeros is -0 only if all of them are, and there are some."""
    return np.float64(-0.0 if len(zeros) and np.signbit(zeros).all() else 0.0)


def float_sum(x):
    """The sum of float64 values, rounded once; of infinities and NaN as IEEE 754 has it."""
    if not np.isfinite(x).all():
        return np.sum(x[~np.isfinite(x)])
    if not x.any():
        return zero_sum(x)
    try:
        return np.float64(math.fsum(x))
    except OverflowError:
        return np.float64(x.astype(np.longdouble).sum())


def float_dot(a, b):
    """The dot product in the longest float, whose range holds the square of every float64."""
    products = a.astype(np.longdouble) * b.astype(np.longdouble)
    if not np.isfinite(products).all():
        return products[~np.isfinite(products)].sum()
    return products.sum() if products.any() else zero_sum(products)


class Floats:
    """Exact results for an array of floats, widened to float64."""

    def __init__(self, a):
        self.x = a.astype(np.float64)
        self.n = len(a)
        self.total = float_sum(self.x)
        self.mean_magnitude = float_sum(np.abs(self.x)) / max(self.n, 1)

    def sum(self):
        return [self.total], self.mean_magnitude * self.n

    def mean(self):
        return [self.total / self.n if self.n else math.nan], self.mean_magnitude

    def extreme(self, is_least):
        """The index of the least or the greatest: the first NaN, else -0 before +0, else the first."""
        if self.n == 0:
            return None
        nans = np.flatnonzero(np.isnan(self.x))
        if len(nans):
            return int(nans[0])
        value = self.x.min() if is_least else self.x.max()
        equal = np.flatnonzero(self.x == value)
        preferred = equal[np.signbit(self.x[equal]) == is_least]
        return int(preferred[0] if len(preferred) else equal[0])

    def dot(self, b):
        return [float_dot(self.x, b)], float_dot(np.abs(self.x), np.abs(b.astype(np.float64)))

    def norm(self):
        result = np.sqrt(float_dot(self.x, self.x))
        return [result], result

    @functools.cached_property
    def squares(self):
        """The sum of squared distances from the mean; a sum that overflows makes the mean infinite."""
        mean = self.x.astype(np.longdouble).sum() / self.n if math.isfinite(self.total) else self.total
        distance = self.x - mean
        return (distance * distance).sum()

    def variance(self, ddof):
        if self.n - ddof <= 0:
            return [math.nan], 0.0
        result = self.squares / (self.n - ddof)
        return [result], result + EPSILON * self.mean_magnitude**2

    def std(self, ddof):
        (variance,), scale = self.variance(ddof)
        result = np.sqrt(np.float64(variance))
        return [result], scale / result if result > 0 else self.mean_magnitude


class Integers:
    """Exact results for an array of integers, or of bools."""

    def __init__(self, a):
        self.x = [int(x) for x in a.tolist()]
        self.n = len(a)
        self.total = sum(self.x)
        self.mean_magnitude = np.float64(Fraction(sum(map(abs, self.x)), max(self.n, 1)))

    def sum(self):
        return [self.total], 0.0

    def mean(self):
        return [float(Fraction(self.total, self.n)) if self.n else math.nan], self.mean_magnitude

    def extreme(self, is_least):
        return self.x.index(min(self.x) if is_least else max(self.x)) if self.n else None

    def dot(self, b):
        return [sum(x * int(y) for x, y in zip(self.x, b.tolist()))], 0.0

    @functools.cached_property
    def squares(self):
        return sum(x * x for x in self.x)

    def norm(self):
        with localcontext() as context:
            context.prec = 60
            result = float(Decimal(self.squares).sqrt())
        return [result], result

    def variance(self, ddof):
        if self.n - ddof <= 0:
            return [math.nan], 0.0
        result = np.float64(Fraction(self.n * self.squares - self.total**2, self.n * (self.n - ddof)))
        return [result], result + EPSILON * self.mean_magnitude**2

    def std(self, ddof):
        (variance,), scale = self.variance(ddof)
        result = np.sqrt(np.float64(variance))
        return [result], scale / result if result > 0 else self.mean_magnitude


# Whether each value of an operation is the least element.
EXTREMES = {"min": [True], "max": [False], "minmax": [True, False], "argmin": [True], "argmax": [False]}


def evaluate_exactly(op, exact, b, ddof):
    """A list of values, or None for an error; and their scale."""
    if op in EXTREMES:
        indexes = [exact.extreme(is_least) for is_least in EXTREMES[op]]
        if None in indexes:
            return None, 0.0
        return (indexes if op.startswith("arg") else [exact.x[index] for index in indexes]), 0.0
    if op in ("all", "any", "countNonzero"):
        count = int(np.count_nonzero(exact.x))
        return [{"all": count == exact.n, "any": count > 0, "countNonzero": count}[op]], 0.0
    if op == "dot":
        return exact.dot(b)
    return getattr(exact, op)(ddof) if op in ("variance", "std") else getattr(exact, op)()


def encode(value):
    if isinstance(value, (bool, int, np.bool_, np.integer)):
        return str(int(value))
    return "0x" + struct.pack(">d", value).hex()


def encode_all(values):
    return None if values is None else [encode(value) for value in values]


def main():
    np.seterr(all="ignore")
    request = json.loads(sys.stdin.buffer.readline())
    inputs = [(element_type, sys.stdin.buffer.read(size)) for element_type, size in request["inputs"]]

    @functools.lru_cache(maxsize=8)
    def operands_of(index, layout):
        element_type, data = inputs[index]
        a = elements_of(data, element_type, json.loads(layout))
        return a, np.ascontiguousarray(a[::-1]), (Floats if element_type in FLOATS else Integers)(a)

    results = []
    for op, index, ddof, layout in request["cases"]:
        a, b, exact = operands_of(index, json.dumps(layout))
        values, warned = evaluate_numpy(op, a, b, ddof)
        is_beyond = layout is not None and layout.get("count", 0) > len(a)
        exact_values, scale = (None, 0.0) if is_beyond else evaluate_exactly(op, exact, b, ddof)
        results.append(
            {
                "numpy": encode_all(values),
                "warned": warned,
                "exact": encode_all(exact_values),
                "scale": encode(max(float(scale), LEAST) if scale > 0 else 0.0),
            }
        )
    json.dump(results, sys.stdout)


main()
