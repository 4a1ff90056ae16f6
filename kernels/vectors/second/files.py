"""Vector files: SPEC section 17."""

import struct

from .arithmetic import M32, M64, bits, from_int, wrap
from .operations import Case, OPS


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
