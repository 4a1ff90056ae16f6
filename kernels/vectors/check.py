#!/usr/bin/env python3
"""A second implementation of kernels/SPEC.md, and a check of the golden vectors with it.

Usage: check.py [FILE...]      (default: all of data/)

It follows the text of SPEC.md, not the Rust sources, and uses nothing but Python's integers and
floats. An f32 is a Python float with an f32 value; after every operation F() rounds the f64 result
to f32. For + - * / that double rounding is innocuous, since 53 >= 2 * 24 + 2; SELF_TEST checks it
against rational arithmetic.
"""
import math
import pathlib
import random
import struct
import sys
from fractions import Fraction

M32, M64 = (1 << 32) - 1, (1 << 64) - 1
DIV0 = "division by zero cannot happen"


# --- 1. Arithmetic -------------------------------------------------------------------------------


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


# --- 2. Values and 3. Primitives -----------------------------------------------------------------
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


# --- 4. Elementary functions ---------------------------------------------------------------------


def table(text):
    return [fl(int(word, 16)) for word in text.split()]


P_POLY2 = table("3920bd2e 3aaf84a3 3c1d96e9 3d6357bd 3e75fdee 3f317218")
P_ATL = table("3e98f043 3eccaf6b 3f2aaabd")
P_SIN = table("b94c6e88 3c0882df be2aaaa0")
P_COS = table("37ccf076 bab6060d 3d2aaaa5")
P_PHI = table("bddaa2a8 3ec9a1bc be795822 3e8c6a80 3d85c6ed 3def5b0d")
LOG2E, LN2A, LN2B, RAD = table("3fb8aa3b 3f318000 b95e8083 30c90fdb")
LOG2E_HALF, LOG2E_TWICE, PHI_T = table("3f38aa3b 4038aa3b 3e8f5c29")
GELU_3, GELU_1 = table("3d922279 3fcc422a")


def horner(cs, x):
    p = cs[0]
    for c in cs[1:]:
        p = add(mul(p, x), c)
    return p


def poly2(f):
    return add(mul(horner(P_POLY2, f), f), 1.0)


def exp2(z):
    z = limit(canon(z), -126.0, 126.0)
    n = rne(z)
    return mul(poly2(sub(z, from_int(n))), pow2(n))


def exp(x):
    return exp2(mul(limit(canon(x), -64.0, 0.0), LOG2E))


def atl(s):
    z = mul(s, s)
    r = mul(horner(P_ATL, z), z)
    return add(add(s, s), mul(s, r))


def ln(x):
    x = canon(x)
    if x < fl(0x17800000):
        x = fl(0x17800000)
    b = bits(x)
    e = (b - 0x3F3504F3) >> 23
    m = fl(b - (e << 23))
    s = div(sub(m, 1.0), add(m, 1.0))
    e = from_int(e)
    return add(mul(e, LN2A), add(mul(e, LN2B), atl(s)))


def sincos(a):
    q = ((a + (1 << 29)) & M32) >> 30
    r = wrap(a - (q << 30), 32)
    x = mul(from_int(r), RAD)
    z = mul(x, x)
    s = add(x, mul(x, mul(z, horner(P_SIN, z))))
    c = add(sub(1.0, mul(0.5, z)), mul(mul(z, z), horner(P_COS, z)))
    return [(c, s), (-s, c), (-c, -s), (s, -c)][q]


# --- 5. Activations ------------------------------------------------------------------------------


def sigm(x):
    x = canon(x)
    a = min(abs(x), 64.0)
    e = exp2(-mul(a, LOG2E))
    r = div(1.0, add(1.0, e))
    return mul(e, r) if x < 0 else r


def phi(x):
    x = canon(x)
    a = min(abs(x), 12.0)
    e = exp2(-mul(mul(a, a), LOG2E_HALF))
    t = div(1.0, add(1.0, mul(a, PHI_T)))
    h = mul(mul(horner(P_PHI, t), t), e)
    return h if x < 0 else sub(1.0, h)


def tanh(x):
    x = canon(x)
    a = min(abs(x), 32.0)
    e = exp2(-mul(a, LOG2E_TWICE))
    t = div(sub(1.0, e), add(1.0, e))
    return -t if x < 0 else t


def act(number, x):
    if number == 0:
        return x if x > 0 else 0.0
    if number == 1:
        return canon(mul(x, sigm(x)))
    if number == 2:
        return canon(mul(x, phi(x)))
    if number == 3:
        return canon(mul(x, sigm(mul(x, add(mul(mul(x, x), GELU_3), GELU_1)))))
    return canon(tanh(x))


def softcap(cap, xs):
    if zero(cap):
        return [0.0 for _ in xs]
    i = div(1.0, cap)
    return [canon(mul(cap, tanh(mul(x, i)))) for x in xs]


# --- 7. Quantisation -----------------------------------------------------------------------------

Q = {1: 127, 2: 32512}


def multiplied(xs, ms):
    return xs if ms is None else [canon(mul(x, m)) for x, m in zip(xs, ms)]


def symmetric_codes(d, xs, maximum):
    if zero(maximum):
        return [0 for _ in xs]
    i = div(float(Q[d]), maximum)
    return [clamp(rne(mul(x, i)), -Q[d], Q[d]) for x in xs]


def symmetric(d, xs):
    maximum = absmax(xs)
    scale = 0.0 if zero(maximum) else canon(div(maximum, float(Q[d])))
    return maximum, scale, symmetric_codes(d, xs, maximum)


def asymmetric_codes(xs, half, z):
    if zero(half):
        return [0 for _ in xs]
    z = clamp(z, -127, 127)
    i = div(127.0, half)
    return [clamp(rne(mul(x, i)), z - 127, z + 127) - z for x in xs]


def asymmetric(xs):
    high, low = max(xs + [0.0]), min(xs + [0.0])
    half = canon(mul(sub(high, low), 0.5))
    centre = mul(add(high, low), 0.5)
    scale, z = 0.0, 0
    if not zero(half):
        scale = canon(div(half, 127.0))
        z = clamp(rne(mul(centre, div(127.0, half))), -127, 127)
    return half, scale, z, asymmetric_codes(xs, half, z)


def multiplier(packed, group):
    byte = packed[group // 2] if group // 2 < len(packed) else 0
    return ((byte >> (4 * (group % 2))) & 15) + 1


def grouped(d, ws):
    maximum = absmax(ws)
    groups = [ws[g : g + 64] for g in range(0, len(ws), 64)]
    packed = [0] * ((len(groups) + 1) // 2)
    if zero(maximum):
        return 0.0, [0] * len(ws), packed
    unit = mul(maximum, 0.0625)
    codes = []
    for g, group in enumerate(groups):
        top = absmax(group)
        m = next((m for m in range(1, 16) if mul(from_int(m), unit) >= top), 16)
        packed[g // 2] |= (m - 1) << (4 * (g % 2))
        i = div(float(Q[d]), mul(from_int(m), unit))
        codes += [clamp(rne(mul(w, i)), -Q[d], Q[d]) for w in group]
    return canon(div(maximum, float(16 * Q[d]))), codes, packed


# --- 8. Linear -----------------------------------------------------------------------------------


def linear(q, scale, z, ws, scales, groups, bias):
    k, z = len(q), clamp(z, -127, 127)
    q = [c + z for c in q]
    out = []
    for n, s in enumerate(scales):
        row = ws[n * k : (n + 1) * k]
        if groups is None:
            acc = sum(map(int.__mul__, q, row))
        else:
            size = -(-(-(-k // 64)) // 2)
            packed = groups[n * size : (n + 1) * size]
            acc = 0
            for g in range(-(-k // 64)):
                part = slice(64 * g, 64 * g + 64)
                acc += multiplier(packed, g) * sum(map(int.__mul__, q[part], row[part]))
        y = mul(mul(from_int(acc), scale), s)
        out.append(canon(y if bias is None else add(y, bias[n])))
    return out


# --- 9. Normalisation ----------------------------------------------------------------------------


def fixed(xs):
    a = absmax(xs)
    if zero(a):
        return [0] * len(xs), 0.0
    i = div(2097152.0, a)
    return [rne(mul(x, i)) for x in xs], mul(a, pow2(-21))


def eps_of(e):
    return fl(0x21800000) if e < fl(0x21800000) else e


def rms_stats(xs, eps):
    t, u = fixed(xs)
    ms = mul(div(from_int(sum(v * v for v in t)), from_int(len(xs))), mul(u, u))
    return canon(div(1.0, sqrt(add(ms, eps_of(eps)))))


def layer_stats(xs, eps):
    t, u = fixed(xs)
    k = len(xs)
    s = sum(t)
    m = trunc_div(s, k)
    d = s - k * m
    v = sum((x - m) ** 2 for x in t)
    delta = div(from_int(d), from_int(k))
    var = sub(div(from_int(v), from_int(k)), mul(delta, delta))
    mean = canon(mul(add(from_int(m), delta), u))
    return mean, canon(div(1.0, sqrt(add(mul(var, mul(u, u)), eps_of(eps)))))


def l2_stats(xs):
    t, u = fixed(xs)
    return canon(mul(sqrt(from_int(sum(v * v for v in t))), u))


# --- 10. Rotary position embedding ---------------------------------------------------------------


def rope_phases(theta, n):
    r = 0
    for bit in reversed(range(64)):
        if (r | 1 << bit) ** n * theta <= 1 << (64 * n):
            r |= 1 << bit
    phases = [0x28BE60DB9391054A]
    while len(phases) < n:
        phases.append(phases[-1] * r >> 64)
    return phases


def div_phase(phase, factor):
    return (phase << 32) // max(factor, 1 << 32)


def llama3(phase, factor, low, high, context):
    t = phase * context >> 32
    if t > high:
        return phase
    slow = div_phase(phase, factor)
    return slow if t < low else slow + (phase - slow) * (t - low) // (high - low)


def rotate(xs, phases, pairing, position):
    out, n = list(xs), len(phases)
    for i, phase in enumerate(phases):
        c, s = sincos((position * phase & M64) >> 32)
        a, b = (i, i + n) if pairing == 0 else (2 * i, 2 * i + 1)
        out[a] = canon(sub(mul(xs[a], c), mul(xs[b], s)))
        out[b] = canon(add(mul(xs[b], c), mul(xs[a], s)))
    return out


# --- 11. Attention -------------------------------------------------------------------------------


def softmax_constant(n):
    log2e = struct.unpack("<d", struct.pack("<Q", 0x3FF71547652B82FE))[0]
    return F(log2e / math.sqrt(max(n, 1)))


def block(q, s_q, keys, s_k, values, s_v, channels):
    if not s_k:
        return -131072, -131072, 0, [0] * channels
    d, rows = len(q), []
    for t in range(len(s_k)):
        dot = sum(map(int.__mul__, q, keys[t * d : (t + 1) * d]))
        z = limit(mul(mul(from_int(dot), s_q), s_k[t]), -16384.0, 16384.0)
        n = rne(z)
        rows.append((n, poly2(sub(z, from_int(n))), n + ex(s_v[t])))
    big_m, big_r = max(r[0] for r in rows), max(r[2] for r in rows)
    total, out = 0, [0] * channels
    for t, (n, mu, _) in enumerate(rows):
        total += rne(mul(mu, pow2(21))) * 256 >> min(big_m - n, 31)
        shift = clamp(13 + n - big_r, -60, 60)
        p = clamp(rne(mul(mul(mu, s_v[t]), pow2(shift))), -32767, 32767)
        for c in range(channels):
            out[c] += p * values[t * channels + c]
    assert all(abs(o) < 1 << 31 for o in out) and total < 1 << 39
    return big_m, big_r, total, out


def merge(records):
    span = 131072
    records = [
        (clamp(m, -span, span), clamp(r, -span, span), clamp(s, 0, 1 << 40), o)
        for m, r, s, o in records
    ]
    big_m, big_r = max(x[0] for x in records), max(x[1] for x in records)
    total = max(1, sum(s >> min(big_m - m, 62) for m, _, s, _ in records))
    out = [0] * len(records[0][3])
    for _, r, _, o in records:
        h = 22 - (big_r - r)
        for c, v in enumerate(o):
            out[c] += v << h if h >= 0 else v >> min(-h, 62)
    assert all(abs(o) <= 1 << 62 for o in out)
    if big_r - big_m < -80:
        return [0.0] * len(out)
    unit = pow2(min(big_r - big_m, 80) - 35)
    den = mul(from_int(total), pow2(-29))
    return [canon(div(mul(from_int(o), unit), den)) for o in out]


def attention(q, s_q, keys, s_k, values, s_v, channels, first):
    records, t, d = [], 0, len(q)
    while t < len(s_k):
        end = min(len(s_k), ((first + t) // 512 + 1) * 512 - first)
        part = (keys[t * d : end * d], s_k[t:end], values[t * channels : end * channels], s_v[t:end])
        records.append(block(q, s_q, *part, channels))
        t = end
    return merge(records or [block(q, s_q, [], [], [], [], channels)])


# --- 12. Mean pooling ----------------------------------------------------------------------------


def columns_of(xs, columns):
    return [xs[c::columns] for c in range(columns)]


def pool_sum(xs, a):
    i = 0.0 if zero(a) else div(2097152.0, a)
    return sum(rne(mul(x, i)) for x in xs)


def pool_mean(s, a, n):
    return 0.0 if zero(a) else canon(div(mul(from_int(s), mul(a, pow2(-21))), from_int(n)))


# --- 13. Sampler ---------------------------------------------------------------------------------


def philox(c, k):
    for _ in range(10):
        p, o = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(o >> 32) ^ c[1] ^ k[0], o & M32, (p >> 32) ^ c[3] ^ k[1], p & M32]
        k = [(k[0] + 0x9E3779B9) & M32, (k[1] + 0xBB67AE85) & M32]
    return c


def noise_word(seed, position, i):
    return philox([i >> 2, position, seed[2], seed[3]], seed[:2])[i & 3]


def gumbel(w):
    k = w >> 2
    if k < 0x12BEC333:
        v = mul(from_int(2 * k + 1), pow2(-31))
        e = atl(div(v, sub(2.0, v)))
    else:
        e = -ln(mul(from_int(0x7FFFFFFF - 2 * k), pow2(-31)))
    return e, -ln(e)


def inverse(temperature):
    if temperature <= 0:
        return None
    return limit(div(1.0, temperature), pow2(-10), pow2(10))


def scaled(logits, inv):
    return [canon(mul(x, inv)) for x in logits]


def pack(x, i):
    return key(x) << 32 | (~i & M32)


def id_of(record):
    return ~record & M32


def value_of(record):
    return read(unkey_bits(record >> 32))


def weight(y, m):
    b = bits(exp(limit(sub(y, m), -64.0, 0.0)))
    h, f = 121 - (b >> 23), (b & 0x7FFFFF) | 0x800000
    return f << -h if h <= 0 else f >> h if h <= 31 else 0


def select(candidates, target):
    mass = 0
    for k, w in sorted(candidates, reverse=True):
        mass += w
        if mass >= max(1, target):
            return k
    return 0


def share(total, top_p):
    top_p = min(top_p, 65536)
    return ((total >> 16) * top_p + ((total & 0xFFFF) * top_p + 65535 >> 16)) & M64


def threshold(min_p, k_k, k_p, m):
    k_m = 0
    if min_p:
        k_m = key(canon(add(m, ln(mul(from_int(min(min_p, 65536)), pow2(-16))))))
    return max(k_k, k_p, k_m)


def best_noisy(ys, kappa, seed, position, first):
    passing = [(i, y) for i, y in enumerate(ys) if key(y) >= kappa]
    noise = ((y, gumbel(noise_word(seed, position, first + i))[1], first + i) for i, y in passing)
    return max((pack(add(y, g), i) for y, g, i in noise), default=0)


def sample(logits, temperature, top_k, top_p, min_p, seed, positions):
    inv = inverse(temperature)
    ys = scaled(logits, 1.0 if inv is None else inv)
    record = max(pack(y, i) for i, y in enumerate(ys))
    if inv is None:
        return [id_of(record) for _ in positions]
    m = value_of(record)
    keys = [key(y) for y in ys]
    k_k = select([(k, 1) for k in keys], top_k) if top_k else 0
    k_p = 0
    if top_p < 65536:
        kept = [(k, weight(y, m)) for k, y in zip(keys, ys) if k >= k_k]
        k_p = select(kept, share(sum(w for _, w in kept), top_p))
    kappa = threshold(min_p, k_k, k_p, m)
    return [id_of(best_noisy(ys, kappa, seed, p, 0)) for p in positions]


def histogram(logits, inv, filt, m, floor, rnd, prefix):
    shift = 28 - 4 * min(rnd, 7)
    masses = [0] * 16
    for y in scaled(logits, inv):
        k = key(y)
        if k >> (shift + 4) == prefix >> (shift + 4):
            mass = 1 if filt == 0 else 0 if k < floor else weight(y, m)
            masses[k >> shift & 15] += mass
    return masses


def next_digit(hs, rnd, prefix, remaining, filt, target):
    h = [sum(hs[d::16]) & M64 for d in range(16)]
    if rnd == 0:
        prefix = 0
        remaining = max(1, target if filt == 0 else share(sum(h) & M64, target))
    above, d = 0, 15
    while d > 0 and (above + h[d]) & M64 < remaining:
        above = (above + h[d]) & M64
        d -= 1
    return prefix | d << (28 - 4 * min(rnd, 7)), (remaining - above) & M64


# --- 14. Experts ---------------------------------------------------------------------------------


def moe_route(logits, k):
    order = sorted(range(len(logits)), key=lambda e: pack(logits[e], e), reverse=True)[:k]
    m = max(logits)
    ws = {e: weight(logits[e], m) for e in order}
    total = from_int(sum(ws.values()))
    return sorted(order), [canon(div(from_int(ws[e]), total)) for e in sorted(order)]


def moe_combine(shares, rows):
    n = len(rows) // len(shares)
    out = []
    for j in range(n):
        y = mul(shares[0], rows[j])
        for e in range(1, len(shares)):
            y = add(y, mul(shares[e], rows[e * n + j]))
        out.append(canon(y))
    return out


# --- 16. Tiles -----------------------------------------------------------------------------------


def linear_columns(k, digits, matrices):
    c = 64
    while c and (k == 0 or matrices == 0 or (c * digits * matrices + 1) * k > 163840):
        c //= 2
    return c


# --- Operations by name --------------------------------------------------------------------------


class Case:
    """Inputs of a case; f32 lists as read by CANON unless asked for raw."""

    def __init__(self, fields):
        self.fields = fields

    def all(self, name):
        kind, values = self.fields[name]
        if kind == "f32":
            return reads(values)
        return [code(v, kind) for v in values] if kind == "i16" else values

    def raw(self, name):
        return self.fields[name][1]

    def maybe(self, name):
        return self.all(name) if name in self.fields else None

    def one(self, name):
        values = self.all(name)
        assert len(values) == 1, name
        return values[0]


def each(f, name="x"):
    return lambda c: [[f(x) for x in c.all(name)]]


def seed(c):
    return c.all("seed")


def attention_operands(c):
    names = ("keys", "key_scales", "values", "value_scales")
    return [c.all("query"), c.one("query_scale"), *map(c.all, names), c.one("channels")]


def op_merge(c):
    ms, os = c.all("max_exponent"), c.all("output")
    n = len(os) // len(ms)
    cut = [os[i * n : (i + 1) * n] for i in range(len(ms))]
    return [merge(list(zip(ms, c.all("max_weighted"), c.all("sum"), cut)))]


def op_block(c):
    m, r, s, o = block(*attention_operands(c))
    return [[m], [r], [s], o]


def op_best(c):
    ys = scaled(c.all("logits"), c.one("inverse"))
    record = max((pack(y, c.one("first") + i) for i, y in enumerate(ys)), default=0)
    return [[record], [id_of(record)], [value_of(record)]]


def op_symmetric(c):
    maximum, scale, codes = symmetric(c.one("digits"), multiplied(c.all("x"), c.maybe("multipliers")))
    return [[maximum], [scale], codes]


def op_asymmetric(c):
    half, scale, z, codes = asymmetric(multiplied(c.all("x"), c.maybe("multipliers")))
    return [[half], [scale], [z], codes]


def op_grouped(c):
    scale, codes, packed = grouped(c.one("digits"), c.all("weights"))
    return [[scale], codes, packed]


def op_lookup(c):
    rows, n, i = c.raw("table"), c.one("columns"), c.one("id")
    i = i if i < len(rows) // n else 0
    return [rows[i * n : (i + 1) * n]]


def op_layer_elements(c):
    mean, r = c.one("mean"), c.one("r")
    rows = zip(c.all("x"), c.all("gain"), c.all("bias"))
    return [[canon(add(mul(mul(sub(x, mean), r), g), b)) for x, g, b in rows]]


def op_rms_elements(c):
    r = c.one("r")
    return [[canon(mul(mul(x, r), g)) for x, g in zip(c.all("x"), c.all("gain"))]]


def op_l2_elements(c):
    norm = c.one("norm")
    return [[0.0 if zero(norm) else canon(div(x, norm)) for x in c.all("x")]]


def op_mean_pool(c):
    columns = columns_of(c.all("x"), c.one("columns"))
    tops = [absmax(x) for x in columns]
    return [[pool_mean(pool_sum(x, a), a, len(x)) for x, a in zip(columns, tops)]]


def op_verdict(c):
    flags = [int(a == b) for a, b in zip(c.all("computed"), c.all("committed"))]
    return [flags, [int(all(f == 1 for f in flags))]]


def pairwise(f, a, b):
    return lambda c: [[canon(f(x, y)) for x, y in zip(c.all(a), c.all(b))]]


OPS = {
    "canon": each(lambda x: x),
    "rne": lambda c: [[rne_bits(b) for b in c.raw("x")]],
    "key": lambda c: [[key_bits(b) for b in c.raw("x")]],
    "sqrt": lambda c: [[fl(sqrt_bits(b)) for b in c.raw("x")]],
    "exp2": each(exp2),
    "exp": each(exp),
    "ln": each(ln),
    "sigmoid": each(sigm),
    "phi": each(phi),
    "tanh": each(tanh),
    "sincos": lambda c: [list(p) for p in zip(*map(sincos, c.all("turns")))],
    "activate": lambda c: [[act(c.one("activation"), x) for x in c.all("x")]],
    "gated": lambda c: [
        [canon(mul(act(c.one("activation"), g), u)) for g, u in zip(c.all("gate"), c.all("up"))]
    ],
    "softcap": lambda c: [softcap(c.one("cap"), c.all("x"))],
    "add": pairwise(add, "x", "y"),
    "mul": pairwise(mul, "x", "y"),
    "scale": lambda c: [[canon(mul(x, c.one("factor"))) for x in c.all("x")]],
    "embedding_lookup": op_lookup,
    "dequantise": lambda c: [[canon(mul(from_int(w), c.one("scale"))) for w in c.all("codes")]],
    "embedding_sum": lambda c: [
        [
            canon(add(add(w, p), k))
            for w, p, k in zip(c.all("word"), c.all("position"), c.all("kind"))
        ]
    ],
    "moe_route": lambda c: list(moe_route(c.all("logits"), c.one("k"))),
    "moe_combine": lambda c: [moe_combine(c.all("shares"), c.all("rows"))],
    "absmax": lambda c: [[absmax(c.all("x"))]],
    "quantise_symmetric": op_symmetric,
    "quantise_symmetric_codes": lambda c: [
        symmetric_codes(
            c.one("digits"), multiplied(c.all("x"), c.maybe("multipliers")), c.one("max")
        )
    ],
    "quantise_asymmetric": op_asymmetric,
    "quantise_asymmetric_codes": lambda c: [
        asymmetric_codes(
            multiplied(c.all("x"), c.maybe("multipliers")), c.one("half_range"), c.one("zero_point")
        )
    ],
    "split_digits": lambda c: [
        [q + 128 >> 8 for q in c.all("codes")],
        [q - 256 * (q + 128 >> 8) for q in c.all("codes")],
    ],
    "import_grouped": op_grouped,
    "linear": lambda c: [
        linear(
            c.all("codes"),
            c.one("scale"),
            c.one("zero_point"),
            c.all("weights"),
            c.all("weight_scales"),
            c.maybe("groups"),
            c.maybe("bias"),
        )
    ],
    "rms_stats": lambda c: [[rms_stats(c.all("x"), c.one("eps"))]],
    "rms_elements": op_rms_elements,
    "layer_stats": lambda c: [[v] for v in layer_stats(c.all("x"), c.one("eps"))],
    "layer_elements": op_layer_elements,
    "l2_stats": lambda c: [[l2_stats(c.all("x"))]],
    "l2_elements": op_l2_elements,
    "rope_phases": lambda c: [rope_phases(c.one("theta"), c.one("pairs"))],
    "linear_phases": lambda c: [[div_phase(p, c.one("factor")) for p in c.all("phases")]],
    "llama3_phases": lambda c: [
        [
            llama3(p, *map(c.one, ("factor", "low", "high", "context")))
            for p in c.all("phases")
        ]
    ],
    "rope_rotate": lambda c: [
        rotate(c.all("head"), c.all("phases"), c.one("pairing"), c.one("position"))
    ],
    "softmax_constant": each(softmax_constant, "n"),
    "query_scale": lambda c: [[canon(mul(s, c.one("constant"))) for s in c.all("scale")]],
    "attention_block": op_block,
    "attention_merge": op_merge,
    "attention": lambda c: [attention(*attention_operands(c), c.one("first"))],
    "pool_maxima": lambda c: [[absmax(x) for x in columns_of(c.all("x"), c.one("columns"))]],
    "pool_sums": lambda c: [
        [
            pool_sum(x, a)
            for x, a in zip(columns_of(c.all("x"), len(c.all("maxima"))), c.all("maxima"))
        ]
    ],
    "pool_add": lambda c: [
        [wrap(sum(x), 64) for x in columns_of(c.all("partial"), c.one("columns"))]
    ],
    "pool_mean": lambda c: [
        [pool_mean(s, a, c.one("positions")) for s, a in zip(c.all("sums"), c.all("maxima"))]
    ],
    "mean_pool": op_mean_pool,
    "philox": lambda c: [philox(c.all("counter"), c.all("key"))],
    "noise_word": lambda c: [[noise_word(seed(c), c.one("position"), i) for i in c.all("ids")]],
    "gumbel": lambda c: [list(p) for p in zip(*map(gumbel, c.all("words")))],
    "inverse_temperature": each(lambda t: inverse(t) or 0.0, "temperature"),
    "threshold": lambda c: [
        [threshold(c.one("min_p"), c.one("top_k"), c.one("top_p"), c.one("max"))]
    ],
    "best": op_best,
    "reduce": lambda c: [[max(c.all("records"), default=0)]],
    "histogram": lambda c: [
        histogram(
            c.all("logits"), *map(c.one, ("inverse", "filter", "max", "floor", "round", "prefix"))
        )
    ],
    "next_digit": lambda c: [
        [v]
        for v in next_digit(
            c.all("histograms"),
            *map(c.one, ("round", "prefix", "remaining", "filter", "target")),
        )
    ],
    "best_noisy": lambda c: [
        [
            best_noisy(
                scaled(c.all("logits"), c.one("inverse")),
                c.one("threshold"),
                seed(c),
                c.one("position"),
                c.one("first"),
            )
        ]
    ],
    "sample": lambda c: [
        sample(
            c.all("logits"),
            *map(c.one, ("temperature", "top_k", "top_p", "min_p")),
            seed(c),
            c.all("positions"),
        )
    ],
    "verdict": op_verdict,
    "verdict_all": lambda c: [[int(all(f == 1 for f in c.all("flags")))]],
    "linear_columns": lambda c: [
        list(map(linear_columns, c.all("k"), c.all("digits"), c.all("matrices")))
    ],
}


# --- 17. Vector files ----------------------------------------------------------------------------

SIZE = {"f32": 4, "i8": 1, "i16": 2, "i32": 4, "i64": 8, "u8": 1, "u32": 4, "u64": 8}


def stream(s, i):
    z = (s + (i + 1) * 0x9E3779B97F4A7C15) & M64
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M64
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M64
    return z ^ (z >> 31)


def generated(kind, cls, u):
    if kind == "f32":
        if cls == "bits":
            return u & M32
        if cls in ("unit", "logit"):
            return bits(from_int((u >> 40) - (1 << 23)) * 2.0 ** (-22 if cls == "unit" else -19))
        if cls == "wide":
            exponent = 47 + ((u >> 32) & 0x7FFFFFFF) % 120
            return (u >> 63) << 31 | exponent << 23 | u & 0x7FFFFF
        assert cls == "scale", cls
        return (115 + ((u >> 32) & 7)) << 23 | u & 0x7FFFFF
    if cls == "any":
        width = 8 * SIZE[kind]
        return wrap(u, width) if kind[0] == "i" else u & ((1 << width) - 1)
    top = {"i8": 127, "i16": 32512}[kind]
    if cls == "code":
        return (u >> 32) % (2 * top + 1) - top
    assert cls == "sat", cls
    return (-128 if kind == "i8" else -top) if u >> 63 else top


def values(kind, text):
    out = []
    for token in text.split():
        if token.startswith("gen:"):
            _, cls, s, count = token.split(":")
            out += [generated(kind, cls, stream(int(s), i)) for i in range(int(count))]
        else:
            literal, _, count = token.partition("*")
            value = int(literal, 16) if kind == "f32" else int(literal)
            out += [value] * int(count or 1)
    return out


def to_bytes(kind, out):
    if kind == "f32":
        return b"".join(struct.pack("<f", x) for x in out)
    return b"".join((v & ((1 << 64) - 1)).to_bytes(8, "little")[: SIZE[kind]] for v in out)


def states(kind, text, out):
    """Whether the text of an output states these elements."""
    if text.startswith("fnv:"):
        _, digest, count = text.split(":")
        h = 0xCBF29CE484222325
        for byte in to_bytes(kind, out):
            h = ((h ^ byte) * 0x100000001B3) & M64
        return len(out) == int(count) and h == int(digest, 16)
    wanted = values(kind, text)
    got = [bits(x) for x in out] if kind == "f32" else out
    return got == wanted


def check_file(path):
    lines = [
        (n, line)
        for n, line in enumerate(path.read_text().splitlines(), 1)
        if line and not line.startswith("#")
    ]
    assert lines[0][1] == "assay-vectors 1", f"{path}: not a vector file"
    cases = []
    for n, line in lines[1:]:
        word, first, second, *rest = line.split(" ", 3)
        rest = rest[0] if rest else ""
        if word == "case":
            cases.append((n, first, second, {}, []))
        elif word == "in":
            cases[-1][3][first] = (second, values(second, rest))
        else:
            cases[-1][4].append((first, second, rest))
    failures = 0
    for n, op, name, inputs, outputs in cases:
        got = OPS[op](Case(inputs))
        good = len(got) == len(outputs)
        for (result, kind, text), out in zip(outputs, got):
            if not states(kind, text, out):
                good = False
                print(f"{path.name}:{n}: {op} {name}: {result} differs")
        failures += not good
    print(f"{path.name}: {len(cases) - failures} of {len(cases)} cases agree")
    return failures, {op for _, op, *_ in cases}


# --- Rounding, checked against rational arithmetic -----------------------------------------------


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


def main():
    self_test()
    data = pathlib.Path(__file__).parent / "data"
    paths = [pathlib.Path(p) for p in sys.argv[1:]]
    results = [check_file(path) for path in paths or sorted(data.glob("*.txt"))]
    if not paths:
        missing = set(OPS) - set().union(*(ops for _, ops in results))
        assert not missing, f"no case for {sorted(missing)}"
    failures = sum(count for count, _ in results)
    print("all agree" if failures == 0 else f"{failures} cases differ")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
