"""The sampler, experts and the width of tiles: SPEC sections 13, 14 and 16."""

from .arithmetic import (
    M32,
    M64,
    add,
    bits,
    canon,
    div,
    from_int,
    key,
    limit,
    mul,
    pow2,
    read,
    sub,
    unkey_bits,
)
from .functions import atl, exp, ln


# 13. Sampler.

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
    ids = ((y, (first + i) & M32) for i, y in passing)
    noise = ((y, gumbel(noise_word(seed, position, i))[1], i) for y, i in ids)
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


# 14. Experts.

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


# 16. Tiles.

def linear_columns(k, input_digits, weight_digits, matrices):
    c = 64
    weight_bytes = weight_digits * matrices
    while c and (k == 0 or matrices == 0 or (c * weight_bytes + input_digits) * k > 172032):
        c //= 2
    return c
