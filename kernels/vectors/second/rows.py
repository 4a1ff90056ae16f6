"""Quantisation, linear layers, normalisation: SPEC sections 7 to 9."""

from .arithmetic import (
    absmax,
    add,
    canon,
    clamp,
    div,
    fl,
    from_int,
    mul,
    pow2,
    rne,
    sqrt,
    sub,
    trunc_div,
    zero,
)


# 7. Quantisation.

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


# 8. Linear.

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


# 9. Normalisation.

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


def rms_elements(xs, r, gain):
    return [canon(mul(mul(x, r), g)) for x, g in zip(xs, gain)]


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


def layer_elements(xs, mean, r, gain, bias):
    return [canon(add(mul(mul(sub(x, mean), r), g), b)) for x, g, b in zip(xs, gain, bias)]


def l2_stats(xs):
    t, u = fixed(xs)
    return canon(mul(sqrt(from_int(sum(v * v for v in t))), u))


def l2_elements(xs, norm):
    return [0.0 if zero(norm) else canon(div(x, norm)) for x in xs]
