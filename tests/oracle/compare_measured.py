#!/usr/bin/env python3
"""Compares what each segment measured (`rtt`, `acks_frame`, `in_flight_less_sacked`) with tshark's `tcp.analysis.ack_rtt`,
`acks_frame` and `bytes_in_flight`.

    compare_measured.py [--list] TCPSCOPE [CAPTURE...]

Without captures, those in captures/. Every value that differs must have a reason among those of measured_rules.py, each
with the RFC that says who is right, and at most LIMIT of a hundred values over all captures may differ. `--list` shows each
difference with its frame and its reason. tshark shows no value of 0, and octets in flight only beside payload: there, 0 and
nothing are the same. Exit status 1 where a difference has no reason, or where there are too many.
"""

import collections
import json
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True

from compare_with_tshark import NO_ANALYSIS
from measured_rules import RULES, Difference, End, Sent

# Of a hundred values.
LIMIT = 2.0

KEYS = ["ack_rtt", "acks_frame", "bytes_in_flight"]
PEER = {"client": "server", "server": "client"}


def records(tcpscope, capture):
    """Our records of segments."""
    command = [tcpscope, "read", str(capture), "--format", "ndjson"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    # A capture that ends in the midst of a frame is read up to there.
    if run.returncode > 1:
        sys.exit(f"{capture}: {run.stderr}")
    rows = map(json.loads, run.stdout.splitlines())
    return {row["frame"]: row for row in rows if row["type"] == "segment"}


def ours(record):
    nanos = None if record["rtt"] is None else round(record["rtt"] * 1e9)
    in_flight = record["in_flight_less_sacked"] if record["payload_len"] else None
    return {"ack_rtt": nanos or None, "acks_frame": record["acks_frame"], "bytes_in_flight": in_flight or None}


def theirs(capture):
    """What tshark measured of each segment."""
    command = ["tshark", "-n", "-r", str(capture), "-Y", "tcp && !icmp && !icmpv6", "-T", "fields", "-E", "separator=|"]
    # Of a segment in an ICMP error, tshark shows the fields too.
    command += ["-E", "occurrence=f", "-e", "frame.number"]
    for key in KEYS:
        command += ["-e", "tcp.analysis." + key]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    segments = {}
    for line in run.stdout.splitlines():
        frame, rtt, acked, in_flight = line.split("|")
        segments[int(frame)] = {
            "ack_rtt": nanoseconds(rtt) if rtt else None,
            "acks_frame": int(acked) if acked else None,
            "bytes_in_flight": int(in_flight) if in_flight else None,
        }
    return segments


def nanoseconds(text):
    whole, _, fraction = text.partition(".")
    return int(whole + f"{fraction:0<9}")


def relative(record, number):
    """A number of the peer's as its acknowledgement number counts."""
    distance = (number - record["ack"] + 2**31) % 2**32 - 2**31
    return record["relative_ack"] + distance


def note(record, own):
    """Takes down what a segment says, for the rules about later ones."""
    sent = Sent(record)
    if "SYN" in record["flags"]:
        own.isns.add(record["seq"])
    if "RST" in record["flags"] and record["ack"] is not None:
        own.reset_acks.append(record["relative_ack"])
    if sent.dropped or "RST" in record["flags"]:
        return
    if sent.end > sent.start:
        own.sent[sent.frame] = sent
    if record["ack"] is None or sent.copy:
        return
    own.acked = max(own.acked, record["relative_ack"])
    blocks = [option["blocks"] for option in record["options"] if option["name"] == "sack"]
    if blocks:
        own.last_sack = [(relative(record, left), relative(record, right)) for left, right in blocks[0]]
        own.sacks += own.last_sack


def reason(difference):
    for name, holds, _, _ in RULES:
        if holds(difference):
            return name
    return None


def compare(tcpscope, capture):
    """How many values there are, and those that differ, each with its reason."""
    mine, other = records(tcpscope, capture), theirs(capture)
    ends = collections.defaultdict(End)
    values, differences = 0, []
    for frame, record in mine.items():
        own, peer = (ends[record["connection"], side] for side in (record["from"], PEER[record["from"]]))
        said, expected = ours(record), other.get(frame, {})

        def differing(key):
            if expected and said[key] != expected[key]:
                why = reason(Difference(record, key, said, expected, own, peer))
                why = why or ("other_connection" if capture.name in NO_ANALYSIS else None)
                sentence = f"{capture.name} frame {frame}: {key} is {said[key]}, tshark says {expected[key]}"
                differences.append((why, sentence))

        values += sum((said[key], expected[key]) != (None, None) for key in KEYS if expected)
        # What it acknowledges was under way before it; what is in flight with it is so after it.
        differing("ack_rtt")
        differing("acks_frame")
        note(record, own)
        differing("bytes_in_flight")
    return values, differences


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--list"]
    if not arguments:
        sys.exit(__doc__)
    tcpscope = str(pathlib.Path(arguments[0]).resolve())
    root = pathlib.Path(__file__).resolve().parents[2] / "captures"
    captures = [pathlib.Path(name) for name in arguments[1:]] or sorted(root.glob("*.pcap*"))
    values, counts, unknown = 0, collections.Counter(), []
    for capture in captures:
        compared, differences = compare(tcpscope, capture)
        values += compared
        counts.update(why for why, _ in differences)
        unknown += [sentence for why, sentence in differences if why is None]
        if "--list" in sys.argv:
            print(*(f"{sentence} ({why})" for why, sentence in differences), sep="\n", end="\n" * bool(differences))
    reasons = {name: (right, text) for name, _, right, text in RULES}
    reasons["other_connection"] = ("ours", "tshark takes the parts of a connection for others")
    for name, (right, text) in reasons.items():
        if counts[name]:
            print(f"{counts[name]:6} {name}, right: {right}. {text}")
    print(*(f"no reason: {sentence}" for sentence in unknown), sep="\n", end="\n" * bool(unknown))
    share = 100 * counts.total() / max(1, values)
    print(f"{values} values in {len(captures)} captures compared with tshark, {counts.total()} differ ({share:.2f} %)")
    if unknown or not values or share > LIMIT:
        sys.exit(1)


if __name__ == "__main__":
    main()
