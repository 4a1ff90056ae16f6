"""Every operation by its name in vector files."""

from .arithmetic import (
    absmax,
    add,
    canon,
    code,
    fl,
    from_int,
    key_bits,
    mul,
    reads,
    rne_bits,
    sqrt_bits,
    wrap,
)
from .functions import act, exp, exp2, ln, phi, sigm, sincos, softcap, tanh
from .rows import (
    asymmetric,
    asymmetric_codes,
    grouped,
    l2_elements,
    l2_stats,
    layer_elements,
    layer_stats,
    linear,
    multiplied,
    rms_elements,
    rms_stats,
    symmetric,
    symmetric_codes,
)
from .positions import (
    attention,
    block,
    columns_of,
    div_phase,
    llama3,
    merge,
    pool_mean,
    pool_sum,
    rope_phases,
    rotate,
    softmax_constant,
)
from .choice import (
    best_noisy,
    gumbel,
    histogram,
    id_of,
    inverse,
    linear_columns,
    moe_combine,
    moe_route,
    next_digit,
    noise_word,
    pack,
    philox,
    sample,
    scaled,
    threshold,
    value_of,
)
from .programs import decode, run


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


def op_mean_pool(c):
    columns = columns_of(c.all("x"), c.one("columns"))
    tops = [absmax(x) for x in columns]
    return [[pool_mean(pool_sum(x, a), a, len(x)) for x, a in zip(columns, tops)]]


def op_program(c):
    program, tokens = decode(c.all("program")), c.all("tokens")
    tensors = [c.all(f"tensor.{n}") for n in range(len(program.tensors))]
    if "outputs" not in c.fields:
        return run(program, tensors, tokens, 1)
    n = c.one("outputs")
    rows = run(program, tensors, tokens, n)
    parameters = [*map(c.one, ("temperature", "top_k", "top_p", "min_p")), seed(c)]
    positions = range(len(tokens) - n + 1, len(tokens) + 1)
    ids = [sample(row, *parameters, [p])[0] for row, p in zip(rows, positions)]
    return [[x for row in rows for x in row], ids]


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
    "rms_elements": lambda c: [rms_elements(c.all("x"), c.one("r"), c.all("gain"))],
    "layer_stats": lambda c: [[v] for v in layer_stats(c.all("x"), c.one("eps"))],
    "layer_elements": lambda c: [
        layer_elements(c.all("x"), c.one("mean"), c.one("r"), c.all("gain"), c.all("bias"))
    ],
    "l2_stats": lambda c: [[l2_stats(c.all("x"))]],
    "l2_elements": lambda c: [l2_elements(c.all("x"), c.one("norm"))],
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
    "program": op_program,
    "verdict": op_verdict,
    "verdict_all": lambda c: [[int(all(f == 1 for f in c.all("flags")))]],
    "linear_columns": lambda c: [
        list(map(linear_columns, *map(c.all, ("k", "input_digits", "weight_digits", "matrices"))))
    ],
}
