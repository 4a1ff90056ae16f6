"""IEEE-754 binary32 on Python floats, and the primitives on bits: SPEC sections 1 to 3."""

import math
import random
import struct
from fractions import Fraction


M32, M64 = (1 << 32) - 1, (1 << 64) - 1
DIV0 = "division by zero cannot happen"


# 1. Arithmetic.

def F(x):
    """f64 to f32, to nearest even; beyond the range to infinity."""
    try:
        return struct.unpack("<f", struct.pack("<f", x))[0]
    except OverflowError:
        return math.copysign(math.inf, x)


def fl(b):
    return struct.unpack("<f", struct.pack("<I", b))[0]


def bits(x):
    return struct.unpack("<I", struct.pack("<f", x))[0]


def add(a, b):
    return F(a + b)


def sub(a, b):
    return F(a - b)


def mul(a, b):
    return F(a * b)


def div(a, b):
    assert b != 0, DIV0
    return F(a / b)


def from_int(n):
    """(f32)n in one rounding, by integers."""
    m = abs(n)
    extra = m.bit_length() - 24
    if extra > 0:
        low = m & ((1 << extra) - 1)
        m >>= extra
        half = 1 << (extra - 1)
        if low > half or (low == half and m & 1):
            m += 1
        m <<= extra
    return F(float(-m if n < 0 else m))


def wrap(n, width):
    n &= (1 << width) - 1
    return n - (1 << width) if n >> (width - 1) else n


def clamp(x, low, high):
    return max(low, min(x, high))


def trunc_div(a, b):
    q = abs(a) // abs(b)
    return q if (a < 0) == (b < 0) else -q


# 2. Values and 3. Primitives.

# Inputs are kept as bit patterns until CANON has read them, so that no NaN ever becomes a float.


def canon_bits(b):
    m = b & 0x7FFFFFFF
    if m < 0x17800000:
        return 0
    if m > 0x53800000:
        return (b & 0x80000000) | 0x53800000
    return b


def read(b):
    return fl(canon_bits(b))


def reads(bs):
    return [read(b) for b in bs]


def canon(x):
    return fl(canon_bits(bits(x)))


def code(c, kind):
    return clamp(c, -32512, 32512) if kind == "i16" else c


def mag(x):
    return bits(x) & 0x7FFFFFFF


def ex(x):
    return ((bits(x) >> 23) & 255) - 127


def pow2(n):
    return fl((clamp(n, -126, 127) + 127) << 23)


def rne_bits(b):
    if b & 0x7FFFFFFF > 0x4A800000:
        return -4194304 if b >> 31 else 4194304
    return bits(add(fl(b), 12582912.0)) - 0x4B400000


def rne(x):
    return rne_bits(bits(x))


def key_bits(b):
    return ~b & M32 if b >> 31 else b | 0x80000000


def key(x):
    return key_bits(bits(x))


def unkey_bits(k):
    return k & 0x7FFFFFFF if k >> 31 else ~k & M32


def absmax(xs):
    return fl(max([mag(x) for x in xs], default=0))


def zero(a):
    return mag(a) < 0x2B800000


def limit(x, low, high):
    return low if x < low else high if x > high else x


def sqrt_bits(b):
    if b < 0x00800000 or b >= 0x80000000:
        return 0
    e = (b >> 23) - 127
    odd = e & 1
    n = ((b & 0x7FFFFF) | 0x800000) << (23 + odd)
    s = math.isqrt(n)
    if n - s * s > s:
        s += 1
    return (((e - odd) // 2 + 127) << 23) | (s & 0x7FFFFF)


def sqrt(x):
    return fl(sqrt_bits(bits(x)))


# Rounding, checked against rational arithmetic.

def round_fraction(x):
    """The f32 nearest to a rational of normal magnitude, ties to even."""
    if x == 0:
        return 0.0
    m = abs(x)
    e = m.numerator.bit_length() - m.denominator.bit_length() - 24
    scaled_up = m / Fraction(2) ** e
    while scaled_up >= 1 << 24:
        e, scaled_up = e + 1, scaled_up / 2
    while scaled_up < 1 << 23:
        e, scaled_up = e - 1, scaled_up * 2
    n = round(scaled_up)  # Python rounds a Fraction half to even.
    value = math.ldexp(n, e)
    return -value if x < 0 else value


def self_test():
    rng = random.Random(1)
    for _ in range(20000):
        a, b = (fl(rng.getrandbits(23) | rng.randrange(97, 157) << 23) for _ in range(2))
        if rng.getrandbits(1):
            b = fl(bits(a) ^ rng.getrandbits(3))
        a, b = rng.choice((a, -a)), rng.choice((b, -b))
        fa, fb = Fraction(a), Fraction(b)
        assert add(a, b) == round_fraction(fa + fb)
        assert sub(a, b) == round_fraction(fa - fb)
        assert mul(a, b) == round_fraction(fa * fb)
        assert div(a, b) == round_fraction(fa / fb)
        n = rng.getrandbits(rng.randrange(1, 63))
        assert from_int(n) == round_fraction(Fraction(n))
