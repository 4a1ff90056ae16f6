"""A second implementation of kernels/SPEC.md.

It follows the text of SPEC.md, not the Rust sources, and uses nothing but Python's integers and
floats. An f32 is a Python float with an f32 value; after every operation F() rounds the f64 result
to f32. For + - * / that double rounding is innocuous, since 53 >= 2 * 24 + 2; a self-test compares
it with rational arithmetic.
"""
