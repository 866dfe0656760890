#!/usr/bin/env python3
"""Holds what a segment, or a row, costs to a budget of instructions, counted by callgrind.

    budgets.py TCPSCOPE GENERATE_CAPTURE

Both are built with the profile `fast`. Instructions are the same at each run, where times are not. The budgets lie a few
of a hundred above what was measured: who makes something dearer on purpose raises one here and says why. Exit status 1
where one is exceeded.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

FRAMES = 20_000

# What is typed for a view.
VIEWS = {
    "summary": ["--view", "summary"],
    "connections": ["--view", "connections"],
    "text": ["--width", "120"],
    "ndjson": ["--format", "ndjson"],
    "csv": ["--format", "csv"],
}
# Instructions a segment, with its part of what the connections cost.
SEGMENT = {
    ("bulk", "summary"): 2_600,
    ("bulk", "text"): 4_900,
    ("bulk", "ndjson"): 7_380,
    ("short", "summary"): 7_900,
    ("short", "text"): 23_750,
    ("short", "ndjson"): 31_300,
}
# Instructions a row of a table, beyond what the list of connections costs.
ROW = {("short", "csv"): 15_300}


def instructions(tcpscope, capture, options, scratch):
    """What one run takes."""
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={scratch}/callgrind.out"]
    command += [tcpscope, "read", "--threads", "1", *options, capture]
    run = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    collected = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode or not collected:
        sys.exit(f"callgrind did not run:\n{run.stderr}")
    return int(collected[1])


def rows(tcpscope, capture):
    """Connections in a capture."""
    table = subprocess.run([tcpscope, "read", "--format", "csv", capture], capture_output=True, check=True)
    return table.stdout.count(b"\n") - 1


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    tcpscope, generate = (str(pathlib.Path(argument).resolve()) for argument in sys.argv[1:])
    exceeded = False
    with tempfile.TemporaryDirectory() as scratch:
        for kind in ("bulk", "short"):
            capture = f"{scratch}/{kind}.pcap"
            subprocess.run([generate, kind, str(FRAMES), capture], check=True)
            costs = {
                view: instructions(tcpscope, capture, options, scratch)
                for view, options in VIEWS.items()
                if (kind, view) in SEGMENT or any(of == kind for of, _ in ROW)
            }
            lines = [(view, "segment", cost / FRAMES, SEGMENT.get((kind, view))) for view, cost in costs.items()]
            for (of, view), budget in ROW.items():
                if of == kind:
                    beyond = costs[view] - costs["connections"]
                    lines.append((view, "row", beyond / rows(tcpscope, capture), budget))
            for view, unit, cost, budget in lines:
                if budget is not None:
                    over = cost > budget
                    exceeded |= over
                    print(f"{kind:6}{view:12}{cost:10,.0f} a {unit:8}of {budget:,}{', too much' if over else ''}")
    sys.exit(int(exceeded))


if __name__ == "__main__":
    main()
