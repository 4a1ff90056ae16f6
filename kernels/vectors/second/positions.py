"""Rotary embedding, attention, pooling: SPEC sections 10 to 12."""

import math
import struct

from .arithmetic import (
    F,
    M64,
    add,
    canon,
    clamp,
    div,
    ex,
    from_int,
    limit,
    mul,
    pow2,
    rne,
    sub,
    zero,
)
from .functions import poly2, sincos


# 10. Rotary position embedding.

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


# 11. Attention.

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


# 12. Mean pooling.

def columns_of(xs, columns):
    return [xs[c::columns] for c in range(columns)]


def pool_sum(xs, a):
    i = 0.0 if zero(a) else div(2097152.0, a)
    return sum(rne(mul(x, i)) for x in xs)


def pool_mean(s, a, n):
    return 0.0 if zero(a) else canon(div(mul(from_int(s), mul(a, pow2(-21))), from_int(n)))
