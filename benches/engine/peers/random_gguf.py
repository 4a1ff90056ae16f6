"""Writes a GGUF file of the Llama architecture in Q8_0, with weights that look random.

The file is the same each time: the seed is fixed, and numpy's version by python.txt.
"""
import argparse

import gguf
import numpy as np

BLOCK = 32  # weights that share a scale
SHAPE = ["vocabulary", "hidden", "layers", "heads", "key_heads", "head_dim", "inner", "context"]


def matrices(shape):
    """Name, rows and columns of each matrix, in the order of the file."""
    queries, keys = shape.heads * shape.head_dim, shape.key_heads * shape.head_dim
    yield "token_embd.weight", shape.vocabulary, shape.hidden
    for layer in range(shape.layers):
        for name, rows, columns in [
            ("attn_q", queries, shape.hidden),
            ("attn_k", keys, shape.hidden),
            ("attn_v", keys, shape.hidden),
            ("attn_output", shape.hidden, queries),
            ("ffn_gate", shape.inner, shape.hidden),
            ("ffn_up", shape.inner, shape.hidden),
            ("ffn_down", shape.hidden, shape.inner),
        ]:
            yield f"blk.{layer}.{name}.weight", rows, columns
    yield "output.weight", shape.vocabulary, shape.hidden


def norms(shape):
    """Names of the norms' gains."""
    for layer in range(shape.layers):
        yield f"blk.{layer}.attn_norm.weight"
        yield f"blk.{layer}.ffn_norm.weight"
    yield "output_norm.weight"


def blocks(random, rows, columns):
    """A matrix in Q8_0: blocks of a scale in f16 and 32 codes in i8, as bytes [rows, bytes]."""
    count = rows * columns // BLOCK
    data = np.empty((count, 2 + BLOCK), dtype=np.uint8)
    # As large as trained weights, so that activations neither vanish nor overflow.
    scales = random.uniform(0.00015, 0.00045, count).astype("<f2")
    data[:, :2] = scales.view(np.uint8).reshape(count, 2)
    data[:, 2:] = random.integers(-127, 128, (count, BLOCK), dtype=np.int8).view(np.uint8)
    return data.reshape(rows, -1)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True)
    for dimension in SHAPE:
        parser.add_argument("--" + dimension.replace("_", "-"), type=int, required=True)
    shape = parser.parse_args()
    random = np.random.default_rng(seed=1)
    q8_0 = gguf.GGMLQuantizationType.Q8_0

    writer = gguf.GGUFWriter(shape.out, "llama")
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.hidden)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.inner)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.key_heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(shape.head_dim)
    writer.add_rope_freq_base(10000.0)
    writer.add_vocab_size(shape.vocabulary)
    # Tokens are numbers here; nobody needs their text.
    writer.add_tokenizer_model("no_vocab")
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)

    for name, rows, columns in matrices(shape):
        size = (rows, columns // BLOCK * (2 + BLOCK))
        writer.add_tensor_info(name, size, np.dtype(np.uint8), size[0] * size[1], q8_0)
    for name in norms(shape):
        writer.add_tensor_info(name, (shape.hidden,), np.dtype(np.float32), shape.hidden * 4)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    for _, rows, columns in matrices(shape):
        writer.write_tensor_data(blocks(random, rows, columns))
    for _ in norms(shape):
        writer.write_tensor_data(random.uniform(0.5, 1.5, shape.hidden).astype(np.float32))
    writer.close()


if __name__ == "__main__":
    main()
