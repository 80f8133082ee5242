"""Times one reduction of numpy: `time_numpy.py EXPRESSION DTYPE FILL LENGTH SECONDS SAMPLES`. Prints nanoseconds per call."""

import sys
import timeit

import numpy as np

PATTERN_LENGTH = 65536

expression, dtype, fill, length, seconds, samples = sys.argv[1:]
random = np.random.default_rng()
fills = {
    "floats": lambda n: random.uniform(-1, 1, n),
    "integers": lambda n: random.integers(-(2**31), 2**31, n),
    "bytes": lambda n: random.integers(0, 256, n),
    "flags": lambda n: random.integers(0, 2, n),
    "ones": np.ones,
    "zeros": np.zeros,
}


def make_array():
    pattern = fills[fill](min(int(length), PATTERN_LENGTH)).astype(dtype)
    return np.resize(pattern, int(length))


timer = timeit.Timer(expression, globals={"np": np, "a": make_array(), "b": make_array()})
calls = 1
while timer.timeit(calls) < float(seconds):
    calls *= 2
print(*(time / calls * 1e9 for time in timer.repeat(int(samples), calls)))
