#!/usr/bin/env python3
"""Side by side with the peers that are installed: whole processes on the same captures, in turn, in one run.

    python3 benches/peers.py [--frames N] [--runs N] [--seed N] [--limit SECONDS] [--growth]

Captures are made by the project's own generator (tests/support/traffic.rs says what they are like) and lie in the page
cache. Each program is run once to warm up and then in turn with the others; given are medians of the time on the clock,
of processor time, and of the peak of memory. A program that takes longer than the limit is stopped and said to take
longer. With --growth: how the cost grows with frames and with connections.
"""

import argparse
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

OURS = {
    "tcpscope --view connections": ["read", "--view", "connections"],
    "tcpscope --view summary": ["read", "--view", "summary"],
    "tcpscope": ["read"],
    "tcpscope --format ndjson": ["read", "--format", "ndjson"],
}
PEERS = {
    "tcptrace -n": lambda file: ["tcptrace", "-n", file],
    "tcpdump -nr": lambda file: ["tcpdump", "-nr", file],
    "tshark -z conv,tcp": lambda file: ["tshark", "-n", "-q", "-z", "conv,tcp", "-r", file],
}


def build():
    """The program and the generator, in their fastest form."""
    command = ["cargo", "build", "--release", "--locked", "--bin", "tcpscope", "--example", "generate_capture"]
    subprocess.run(command, cwd=ROOT, check=True)
    metadata = ["cargo", "metadata", "--locked", "--no-deps", "--format-version", "1"]
    target = json.loads(subprocess.run(metadata, cwd=ROOT, check=True, capture_output=True).stdout)["target_directory"]
    return Path(target) / "release" / "tcpscope", Path(target) / "release" / "examples" / "generate_capture"


def generate(generator, directory, kind, frames, seed, *at_a_time):
    file = str(directory / f"{kind}-{frames}{''.join(f'-{n}' for n in at_a_time)}.pcap")
    subprocess.run([generator, kind, str(frames), file, str(seed), *map(str, at_a_time)], check=True)
    return file


def run(command, limit):
    """Wall and processor seconds and peak KiB of one run; None where it took longer than the limit."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(process.pid, signal.SIGKILL))
    signal.setitimer(signal.ITIMER_REAL, limit)
    _, status, usage = os.wait4(process.pid, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode == -signal.SIGKILL:
        return None
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit status {process.returncode}")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def side_by_side(commands, runs, limit):
    """Medians by name; None for what took too long."""
    results = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            if results[name] is None:
                continue
            result = run(command, limit)
            if result is None:
                results[name] = None
            elif turn > 0:
                results[name].append(result)
    return {
        name: None if measured is None else tuple(statistics.median(values) for values in zip(*measured))
        for name, measured in results.items()
    }


def table(results, yardstick, frames, limit):
    print(f"| | time | processor | a frame | peak | {yardstick} takes |")
    print("|---|---:|---:|---:|---:|---:|")
    reference = results.get(yardstick)
    for name, medians in results.items():
        if medians is None:
            print(f"| `{name}` | over {limit:.0f} s | | | | |")
            continue
        wall, processor, peak = medians
        ratio = f"{reference[0] / wall:.1f} ×" if reference else ""
        print(
            f"| `{name}` | {wall:.2f} s | {processor:.2f} s | {wall / frames * 1e9:.0f} ns "
            f"| {peak / 1024:.0f} MiB | {ratio} |"
        )
    print()


def machine():
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), model)
    except OSError:
        pass
    return f"{os.cpu_count()} × {model}, {platform.system()}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--limit", type=float, default=60, help="seconds that one run may take")
    parser.add_argument("--growth", action="store_true", help="also how the cost grows")
    arguments = parser.parse_args()
    tool, generator = build()

    missing = [name for name in PEERS if shutil.which(name.split()[0]) is None]
    for name in missing:
        print(f"SKIPPED: {name.split()[0]} is not installed", file=sys.stderr)
    peers = {name: command for name, command in PEERS.items() if name not in missing}

    print(f"{machine()}; medians of {arguments.runs} runs in turn\n")
    with tempfile.TemporaryDirectory() as directory:
        directory = Path(directory)
        for kind in ("bulk", "short"):
            file = generate(generator, directory, kind, arguments.frames, arguments.seed)
            size = os.path.getsize(file) / 1e6
            print(f"### {kind}: {arguments.frames:,} frames, {size:.0f} MB\n")
            commands = {name: [tool, *words, file] for name, words in OURS.items()}
            commands["tcpscope --view connections --threads 1"] = [
                tool, "read", "--view", "connections", "--threads", "1", file
            ]
            commands |= {name: command(file) for name, command in peers.items()}
            results = side_by_side(commands, arguments.runs, arguments.limit)
            table(results, "tcptrace -n", arguments.frames, arguments.limit)
            os.remove(file)
        if arguments.growth:
            growth(tool, generator, directory, arguments)


def growth(tool, generator, directory, arguments):
    print("### How it grows\n")
    print("| frames | at a time | time | a frame | peak |")
    print("|---:|---:|---:|---:|---:|")
    shapes = [(10**power, 20_000) for power in (4, 5, 6, 7)]
    shapes += [(3_000_000, at_a_time) for at_a_time in (100, 10_000, 1_000_000)]
    for frames, at_a_time in shapes:
        file = generate(generator, directory, "short", frames, arguments.seed, at_a_time)
        command = [tool, "read", "--view", "connections", "--max-connections", "2000000", file]
        medians = side_by_side({"": command}, min(arguments.runs, 3), arguments.limit)[""]
        os.remove(file)
        if medians is None:
            print(f"| {frames:,} | {at_a_time:,} | over {arguments.limit:.0f} s | | |")
            continue
        wall, _, peak = medians
        print(f"| {frames:,} | {at_a_time:,} | {wall:.2f} s | {wall / frames * 1e9:.0f} ns | {peak / 1024:.0f} MiB |")
    print()


if __name__ == "__main__":
    main()
