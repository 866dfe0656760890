#!/usr/bin/env python3
"""Measures the `analysis` of `tcpscope read --format ndjson` against tshark's, flag by flag, over captures of real loss.

    compare_flags.py TCPSCOPE CAPTURE...

Precision and recall of each flag over all captures together must reach LEAST, or the differences be at most FEW, since
one of ten is no percentage. Exit status 1 where a flag falls short, or where tshark flags nothing at all.
"""

import collections
import pathlib
import sys

sys.dont_write_bytecode = True

from compare_with_tshark import ANALYSIS, ours, theirs

# Of a hundred; less where tshark's reading hangs on the order of a few events, which our rules only come near to.
LEAST = collections.defaultdict(
    lambda: 99.0, {"fast_retransmission": 98.0, "spurious_retransmission": 98.0, "ack_lost_segment": 90.0}
)
FEW = 1


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    both, more, less = (collections.Counter() for _ in range(3))
    examples = collections.defaultdict(list)
    for capture in map(pathlib.Path, sys.argv[2:]):
        mine, other = ours(sys.argv[1], capture), theirs(capture)
        for frame in sorted(mine.keys() | other.keys()):
            said, expected = (set(side.get(frame, {"analysis": []})["analysis"]) for side in (mine, other))
            both.update(said & expected)
            more.update(said - expected)
            less.update(expected - said)
            for flag in said ^ expected:
                who = "tcpscope" if flag in said else "tshark"
                examples[flag].append(f"{capture.name} frame {frame}: only {who} says {flag}")
    short = False
    for flag in ANALYSIS:
        if not both[flag] + more[flag] + less[flag]:
            continue
        precision = 100 * both[flag] / max(1, both[flag] + more[flag])
        recall = 100 * both[flag] / max(1, both[flag] + less[flag])
        falls = min(precision, recall) < LEAST[flag] and more[flag] + less[flag] > FEW
        short |= falls
        print(
            f"{flag:26} {both[flag]:7} in both, {more[flag]} only ours, {less[flag]} only tshark's:"
            f" precision {precision:.2f}, recall {recall:.2f}{', too little' if falls else ''}"
        )
        if falls:
            print(*examples[flag][:10], sep="\n")
    if short or not both:
        sys.exit(1)


if __name__ == "__main__":
    main()
