"""Programs: decoding and running them, SPEC sections 19 and 20."""

from collections import namedtuple

from .arithmetic import absmax, add, canon, from_int, mul, read
from .functions import act, softcap
from .positions import attention, columns_of, pool_mean, pool_sum, rotate
from .rows import (
    asymmetric,
    l2_elements,
    l2_stats,
    layer_elements,
    layer_stats,
    linear,
    multiplied,
    rms_elements,
    rms_stats,
    symmetric,
)


# 19.1 Encoding.

class Reader:
    def __init__(self, data):
        self.data, self.at = bytes(data), 0

    def integer(self, size):
        part = self.data[self.at : self.at + size]
        assert len(part) == size, "the program's bytes end early"
        self.at += size
        return int.from_bytes(part, "little")

    def compact(self):
        mode = self.data[self.at] & 3
        assert mode < 3, "a length above 2^30"
        return self.integer(1 << mode) >> 2

    def number(self, top):
        n = self.integer(1)
        assert n <= top, f"{n} is not listed"
        return n


def u(size):
    return lambda r: r.integer(size)


def below(count):
    return lambda r: r.number(count - 1)


def f32(r):
    return read(r.integer(4))


def vec(item):
    return lambda r: [item(r) for _ in range(r.compact())]


def option(item):
    return lambda r: item(r) if r.number(1) else None


def structure(name, **fields):
    make = namedtuple(name, fields)
    return lambda r: make(*[field(r) for field in fields.values()])


def choice(*variants):
    return lambda r: variants[r.number(len(variants) - 1)](r)


U8, U16, U32, U64 = u(1), u(2), u(4), u(8)

ACTIVATION = below(5)
TABLE = structure("Table", codes=U16, scales=U16)
WEIGHTS = structure("Weights", codes=U16, scales=U16, groups=option(U16), bias=option(U16))
NORM = choice(
    structure("Rms", gain=U16, eps=f32),
    structure("Layer", gain=U16, bias=U16, eps=f32),
    structure("L2"),
)
MASK = choice(structure("Causal"), structure("Sliding", window=U32), structure("Full"))
KIND = choice(
    structure(
        "Embed",
        words=TABLE,
        encoder=option(structure("Encoder", positions=TABLE, kinds=TABLE)),
    ),
    structure("Normalise", input=U8, norm=NORM),
    structure(
        "Quantise", input=U8, norm=option(NORM), multipliers=option(U16), codes=below(3)
    ),
    structure(
        "Linear", input=U8, weights=WEIGHTS, activation=option(ACTIVATION), residual=option(U8)
    ),
    structure("Gated", input=U8, gate=WEIGHTS, up=WEIGHTS, activation=ACTIVATION),
    structure(
        "Heads",
        input=U8,
        heads=U16,
        role=below(3),
        norm=option(structure("HeadNorm", gain=U16, eps=f32)),
        rotation=option(U8),
        digits=below(2),
    ),
    structure("Attention", query=U8, key=U8, value=U8, constant=f32, mask=MASK),
    choice(
        structure("Add", x=U8, y=U8),
        structure("Mul", x=U8, y=U8),
        structure("Scale", x=U8, factor=f32),
        structure("Activate", x=U8, activation=ACTIVATION),
        structure("Softcap", x=U8, cap=f32),
    ),
    structure("Take", input=U8, rows=below(3)),
    structure("MeanPool", input=U8),
)
PROGRAM = structure(
    "Program",
    numerics_version=U32,
    kind=choice(structure("Generate", stop_ids=vec(U32)), structure("Embeds")),
    vocabulary=U32,
    max_positions=U32,
    rotations=vec(structure("Rotation", phases=vec(U64), pairing=below(2))),
    tensors=vec(structure("Tensor", element=below(4), rows=U32, columns=U32, copies=U16)),
    blocks=vec(structure("Block", repeat=U16, ops=vec(structure("Op", output=U8, kind=KIND)))),
)


def decode(data):
    reader = Reader(data)
    program = PROGRAM(reader)
    assert reader.at == len(reader.data), "bytes are left over"
    assert program.numerics_version == 1
    return program


# 20. Execution. A value is a list of rows: of f32, of (codes, scale, zero point), or of lists of
# heads (codes, scale).

class Run:
    def __init__(self, program, tensors, tokens, outputs):
        self.program, self.tensors, self.tokens = program, tensors, tokens
        self.outputs, self.iteration, self.registers = outputs, 0, {}

    def result(self):
        for block in self.program.blocks:
            for self.iteration in range(block.repeat):
                for op in block.ops:
                    value = getattr(self, type(op.kind).__name__.lower())(op.kind)
                    self.registers[op.output] = value
        return value

    def tensor(self, index):
        """All elements of the copy that this iteration reads."""
        shape = self.program.tensors[index]
        size = shape.rows * shape.columns
        copy = 0 if shape.copies == 1 else self.iteration
        return self.tensors[index][copy * size : (copy + 1) * size]

    def maybe(self, index):
        return None if index is None else self.tensor(index)

    # Operations, by the names of 19.1.

    def embed(self, op):
        words = self.table(op.words)
        if op.encoder is None:
            return [words(token) for token in self.tokens]
        positions, kinds = self.table(op.encoder.positions), self.table(op.encoder.kinds)
        return [
            [
                canon(add(add(w, p), k))
                for w, p, k in zip(words(token), positions(position), kinds(0))
            ]
            for position, token in enumerate(self.tokens)
        ]

    def table(self, table):
        shape = self.program.tensors[table.codes]
        codes, scales, n = self.tensor(table.codes), self.tensor(table.scales), shape.columns

        def row(i):
            i = i if i < shape.rows else 0
            return [canon(mul(from_int(c), scales[i])) for c in codes[i * n : (i + 1) * n]]

        return row

    def normalise(self, op):
        return self.normalised(op.norm, self.registers[op.input])

    def normalised(self, norm, rows):
        kind = type(norm).__name__
        if kind == "L2":
            return [l2_elements(x, l2_stats(x)) for x in rows]
        gain = self.tensor(norm.gain)
        if kind == "Rms":
            return [rms_elements(x, rms_stats(x, norm.eps), gain) for x in rows]
        bias = self.tensor(norm.bias)
        return [layer_elements(x, *layer_stats(x, norm.eps), gain, bias) for x in rows]

    def quantise(self, op):
        rows = self.registers[op.input]
        if op.norm is not None:
            rows = self.normalised(op.norm, rows)
        multipliers, out = self.maybe(op.multipliers), []
        for x in rows:
            x = multiplied(x, multipliers)
            if op.codes == 1:
                _, scale, z, codes = asymmetric(x)
            else:
                (_, scale, codes), z = symmetric(2 if op.codes else 1, x), 0
            out.append((codes, scale, z))
        return out

    def product(self, weights, rows):
        operands = [self.tensor(weights.codes), self.tensor(weights.scales)]
        operands += [self.maybe(weights.groups), self.maybe(weights.bias)]
        return [linear(codes, scale, z, *operands) for codes, scale, z in rows]

    def linear(self, op):
        rows = self.product(op.weights, self.registers[op.input])
        if op.activation is not None:
            rows = [[act(op.activation, y) for y in row] for row in rows]
        if op.residual is not None:
            rows = pairwise(add, self.registers[op.residual], rows)
        return rows

    def gated(self, op):
        rows = self.registers[op.input]
        gate = [[act(op.activation, y) for y in row] for row in self.product(op.gate, rows)]
        return pairwise(mul, gate, self.product(op.up, rows))

    def heads(self, op):
        gain = self.tensor(op.norm.gain) if op.norm else None
        out = []
        for position, row in enumerate(self.registers[op.input]):
            d, heads = len(row) // op.heads, []
            for h in range(op.heads):
                head = row[h * d : (h + 1) * d]
                if op.norm:
                    head = rms_elements(head, rms_stats(head, op.norm.eps), gain)
                if op.rotation is not None:
                    rotation = self.program.rotations[op.rotation]
                    head = rotate(head, rotation.phases, rotation.pairing, position)
                _, scale, codes = symmetric(op.digits + 1, head)
                heads.append((codes, scale))
            out.append(heads)
        return out

    def attention(self, op):
        queries, keys, values = (self.registers[r] for r in (op.query, op.key, op.value))
        out = []
        for p, row in enumerate(queries):
            first, last = visible(op.mask, p, len(queries))
            result = []
            for h, (codes, scale) in enumerate(row):
                g = h * len(keys[0]) // len(row)
                seen_keys = [keys[t][g] for t in range(first, last)]
                seen_values = [values[t][g] for t in range(first, last)]
                result += attention(
                    codes,
                    canon(mul(scale, op.constant)),
                    [c for codes, _ in seen_keys for c in codes],
                    [scale for _, scale in seen_keys],
                    [c for codes, _ in seen_values for c in codes],
                    [scale for _, scale in seen_values],
                    len(values[0][g][0]),
                    first,
                )
            out.append(result)
        return out

    def add(self, op):
        return pairwise(add, self.registers[op.x], self.registers[op.y])

    def mul(self, op):
        return pairwise(mul, self.registers[op.x], self.registers[op.y])

    def scale(self, op):
        return [[canon(mul(x, op.factor)) for x in row] for row in self.registers[op.x]]

    def activate(self, op):
        return [[act(op.activation, x) for x in row] for row in self.registers[op.x]]

    def softcap(self, op):
        return [softcap(op.cap, row) for row in self.registers[op.x]]

    def take(self, op):
        rows = self.registers[op.input]
        first = [len(rows) - self.outputs, 0, len(rows) - 1][op.rows]
        return rows[first : first + (self.outputs if op.rows == 0 else 1)]

    def meanpool(self, op):
        rows = self.registers[op.input]
        columns = columns_of([x for row in rows for x in row], len(rows[0]))
        tops = [absmax(x) for x in columns]
        return [[pool_mean(pool_sum(x, a), a, len(x)) for x, a in zip(columns, tops)]]


def visible(mask, p, positions):
    kind = type(mask).__name__
    if kind == "Full":
        return 0, positions
    return (max(0, p + 1 - mask.window) if kind == "Sliding" else 0), p + 1


def pairwise(f, a, b):
    return [[canon(f(x, y)) for x, y in zip(*rows)] for rows in zip(a, b)]


def run(program, tensors, tokens, outputs):
    """The rows of the result; the elements of all copies of a tensor follow each other."""
    for tensor, elements in zip(program.tensors, tensors):
        assert len(elements) == tensor.rows * tensor.columns * tensor.copies
    return Run(program, tensors, tokens, outputs).result()
