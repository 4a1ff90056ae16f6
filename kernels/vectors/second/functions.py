"""Elementary functions and activations: SPEC sections 4 and 5."""

import math

from .arithmetic import (
    F,
    M32,
    add,
    bits,
    canon,
    div,
    fl,
    from_int,
    limit,
    mul,
    pow2,
    rne,
    sub,
    wrap,
    zero,
)


# 4. Elementary functions.

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


# 5. Activations.

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


def constants_test():
    """The constants that SPEC.md derives."""
    e2 = 1 / math.log(2)
    assert (LOG2E, LOG2E_HALF, LOG2E_TWICE) == (F(e2), F(e2) / 2, F(e2) * 2)
    assert LN2A == 355 / 512 and LN2B == F(math.log(2) - 355 / 512)
    assert bits(F(math.sqrt(0.5))) == 0x3F3504F3 and RAD == F(2 * math.pi / 2**32)
    root = 2 * math.sqrt(2 / math.pi)
    assert (GELU_1, GELU_3, PHI_T) == (F(root), F(root * 0.044715), F(0.28))
