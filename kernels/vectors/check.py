#!/usr/bin/env python3
"""Checks the golden vectors with the second implementation of kernels/SPEC.md.

Usage: check.py [FILE...]      (default: all of data/)
"""
import pathlib
import sys

sys.dont_write_bytecode = True  # A check leaves nothing behind.

from second.arithmetic import self_test
from second.files import check_file
from second.functions import constants_test
from second.operations import OPS


def main():
    self_test()
    constants_test()
    paths = [pathlib.Path(p) for p in sys.argv[1:]]
    data = pathlib.Path(__file__).parent / "data"
    results = [check_file(path) for path in paths or sorted(data.glob("*.txt"))]
    if not paths:
        missing = set(OPS) - set().union(*(ops for _, ops in results))
        assert not missing, f"no case for {sorted(missing)}"
    failures = sum(count for count, _ in results)
    print("all agree" if failures == 0 else f"{failures} cases differ")
    return int(failures != 0)


if __name__ == "__main__":
    sys.exit(main())
