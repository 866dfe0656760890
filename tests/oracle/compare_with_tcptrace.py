#!/usr/bin/env python3
"""Compares the measurements of `tcpscope read --format ndjson` with those of tcptrace, end by end.

    compare_with_tcptrace.py TCPSCOPE [CAPTURE...]

Without captures, those in captures/. Each number of `tcptrace -l -r -W` that has a counterpart is compared with it.
Captures that tcptrace does not read, and those with other connections in them than ours, are named. Where the two must
differ, EXCUSES says why ours is right. Exit status 1 at any other difference.
"""

import collections
import ipaddress
import json
import pathlib
import re
import subprocess
import sys

sys.dont_write_bytecode = True
import tcptrace_rules


def count(name):
    """A whole number."""
    return lambda end, _: end[name], lambda text: int(text), 0


def milliseconds(*names):
    """A duration; tcptrace gives tenths of a millisecond, and 0 for none."""

    def ours(end, _):
        for name in names:
            end = end[name]
        return 1000 * (end or 0)

    return ours, lambda text: 0.0 if text == "NA" else float(text), 0.101


def quotient(name, allowed=1.0):
    """A mean, which tcptrace cuts to a whole number after floating-point arithmetic."""
    return lambda end, _: end[name] or 0, lambda text: 0.0 if text == "NA" else float(text), allowed


def span(end, _):
    """SYN and FIN both seen, or not applicable."""
    return end["stream_bytes"] if end["syn_segments"] and end["fin_segments"] else "NA"


def whole_or_na(text):
    return text if text == "NA" else int(text)


# tcptrace's label, how to find our number, how to read theirs, and how far they may be apart by rounding alone.
NUMBERS = {
    "total packets": count("segments"),
    "resets sent": count("rst_segments"),
    "ack pkts sent": count("ack_segments"),
    "pure acks sent": count("pure_acks"),
    "sack pkts sent": count("sack_segments"),
    "dsack pkts sent": count("dsack_segments"),
    "max sack blks/ack": count("sack_blocks_max"),
    "unique bytes sent": count("unique_bytes"),
    "actual data pkts": count("data_segments"),
    "actual data bytes": count("payload_bytes"),
    "rexmt data pkts": count("retransmitted_segments"),
    "rexmt data bytes": count("retransmitted_bytes"),
    "zwnd probe pkts": count("zero_window_probes"),
    "zwnd probe bytes": count("zero_window_probe_bytes"),
    "outoforder pkts": count("reordered_segments"),
    "pushed data pkts": count("pushed_segments"),
    "SYN/FIN pkts sent": (lambda end, _: f"{end['syn_segments']}/{end['fin_segments']}", str, 0),
    "req 1323 ws/ts": (
        lambda end, _: "NY"[end["window_scale"] is not None] + "/" + "NY"[end["timestamps"]], str, 0
    ),
    "adv wind scale": (lambda end, _: end["window_scale"] or 0, int, 0),
    "req sack": (lambda end, _: "NY"[end["sack_permitted"]], str, 0),
    "urgent data pkts": count("urgent_segments"),
    "urgent data bytes": count("urgent_bytes"),
    "mss requested": (lambda end, _: end["mss"] or 0, int, 0),
    "max segm size": count("payload_max"),
    "min segm size": (lambda end, _: end["payload_min"] or 0, int, 0),
    "max win adv": (lambda end, _: end["window_max"] or 0, int, 0),
    "min win adv": (lambda end, _: end["window_min"] or 0, int, 0),
    "zero win adv": count("zero_windows"),
    "avg win adv": quotient("window_mean"),
    "max owin": count("in_flight_max"),
    "min non-zero owin": (lambda end, _: end["in_flight_min"] or 0, int, 0),
    "avg owin": quotient("in_flight_mean"),
    "wavg owin": quotient("in_flight_mean_over_time"),
    "initial window": count("initial_window_bytes"),
    "initial window, packets": count("initial_window_segments"),
    "ttl stream length": (span, whole_or_na, 0),
    "missed data": (
        lambda end, _: "NA" if span(end, _) == "NA" else end["missing_bytes"], whole_or_na, 0
    ),
    "truncated data": count("truncated_bytes"),
    "truncated packets": count("truncated_segments"),
    "data xmit time": (lambda end, _: end["data_time"] or 0, lambda text: 0.0 if text == "NA" else float(text), 0.000501),
    "idletime max": milliseconds("idle_max"),
    "throughput": quotient("throughput"),
    "RTT samples": (lambda end, _: end["rtt"]["samples"], int, 0),
    "RTT min": milliseconds("rtt", "min"),
    "RTT max": milliseconds("rtt", "max"),
    "RTT avg": milliseconds("rtt", "mean"),
    "RTT stdev": milliseconds("rtt", "deviation"),
    "RTT full_sz smpls": (lambda end, _: end["rtt_full"]["samples"], int, 0),
    "RTT full_sz min": milliseconds("rtt_full", "min"),
    "RTT full_sz max": milliseconds("rtt_full", "max"),
    "RTT full_sz avg": milliseconds("rtt_full", "mean"),
    "RTT full_sz stdev": milliseconds("rtt_full", "deviation"),
    "ambiguous acks": count("ambiguous_acks"),
    "post-loss acks": count("post_loss_acks"),
    "segs cum acked": count("cumulatively_acked"),
    "duplicate acks": (lambda _, peer: peer["duplicate_acks"], int, 0),
    "triple dupacks": (lambda _, peer: peer["triple_duplicate_acks"], int, 0),
    "max # retrans": count("retransmissions_max"),
    "min retr time": milliseconds("retransmission_time_min"),
    "max retr time": milliseconds("retransmission_time_max"),
    "avg retr time": milliseconds("retransmission_time_mean"),
    "sdv retr time": milliseconds("retransmission_time_deviation"),
}


def theirs(capture):
    """Connections as tcptrace sees them, in the order of first appearance: the two hosts, and the numbers of each."""
    command = ["tcptrace", "-l", "-r", "-W", "-n", str(capture)]
    run = subprocess.run(command, capture_output=True, text=True, errors="replace")
    connections = []
    for line in run.stdout.splitlines():
        if re.match(r"TCP connection \d+:", line):
            connections.append({"hosts": [], "ends": [{}, {}]})
        elif match := re.match(r"\s+host \w+:\s+(\S+)[:.](\d+)$", line):
            # It writes `::1` as `:0001`.
            address = re.sub(r"^:(?!:)", "::", match[1])
            connections[-1]["hosts"].append((str(ipaddress.ip_address(address)), int(match[2])))
        elif connections and len(connections[-1]["hosts"]) == 2 and line.startswith("     "):
            # Two columns, each `label: value unit`.
            unit = r"(?:\s+(?:bytes|pkts|times|ms|secs|Bps))?"
            columns = re.findall(rf"([A-Za-z#][^:]*?):\s+(\S+){unit}", line)
            for end, (label, value) in zip(connections[-1]["ends"], columns):
                end[label + ", packets" if label in end else label] = value
    return connections


def ours(tcpscope, capture):
    """The same of ours: connections by number, each with its segments."""
    command = [tcpscope, "read", str(capture), "--format", "ndjson"]
    run = subprocess.run(command, capture_output=True, text=True)
    records = [json.loads(line) for line in run.stdout.splitlines()]
    segments = collections.defaultdict(list)
    for record in records:
        if record["type"] == "segment":
            segments[record["connection"]].append(record)
    rows = [record for record in records if record["type"] == "connection"]
    return [row | {"all": segments[row["id"]]} for row in sorted(rows, key=lambda row: row["id"])]


def paired(mine, other):
    """Connections of both between the same endpoints, in order; and those that have no counterpart."""
    ours_by_hosts, theirs_by_hosts = collections.defaultdict(list), collections.defaultdict(list)
    for row in mine:
        ends = {(row[side]["addr"], row[side]["port"]): row[side] for side in ("client", "server")}
        ours_by_hosts[frozenset(ends)].append((row, ends))
    for connection in other:
        theirs_by_hosts[frozenset(connection["hosts"])].append(connection)
    pairs, alone = [], []
    for hosts in ours_by_hosts.keys() | theirs_by_hosts.keys():
        if len(ours_by_hosts[hosts]) != len(theirs_by_hosts[hosts]):
            alone.append(f"{len(ours_by_hosts[hosts])} connections are {len(theirs_by_hosts[hosts])} for tcptrace")
            continue
        both = zip(ours_by_hosts[hosts], theirs_by_hosts[hosts])
        pairs += [(row, ends, connection) for (row, ends), connection in both]
    return pairs, alone


def differs(mine, other, allowed):
    if isinstance(mine, str) or isinstance(other, str):
        return mine != other
    return abs(mine - other) > allowed


# Connections that cannot be compared, and why.
SKIPPED = {
    "challenge-ack.pcap": "tcptrace takes the stray SYN for one of the connection",
    "sequence-wrap.pcap": "tcptrace loses segments where the numbers wrap",
    "PcapPlusPlus__frag_http_req.pcap": "tcptrace does not put fragments together",
    "lab-middlebox-reset.pcap": "tcptrace takes a round trip from a RST",
    "path-mtu.pcap": "tcptrace takes each piece of a segment that comes again for a repetition of the whole",
}


# The same for single connections, by their number.
UNACCEPTABLE = "tcptrace believes an acknowledgement of what was never sent"
SKIPPED_CONNECTIONS = {
    ("arkime__tcp_handshake_synthetic.pcap", 1): UNACCEPTABLE,
    ("arkime__tcp_handshake_synthetic.pcap", 4): UNACCEPTABLE,
    ("arkime__tcp_handshake_synthetic.pcap", 5): UNACCEPTABLE,
    ("arkime__tcp_handshake_synthetic.pcap", 6): "tcptrace believes a segment far outside the window",
    ("arkime__tcp_handshake_synthetic.pcap", 10): UNACCEPTABLE,
    ("arkime__tcp_handshake_synthetic.pcap", 15): "tcptrace takes the acknowledgement number 0 for none",
}


def incomparable(capture, row, ends, connection):
    """Why the numbers of a connection cannot be compared, if they cannot."""
    if reason := SKIPPED_CONNECTIONS.get((capture.name, row["id"])):
        return reason
    for host, numbers in zip(connection["hosts"], connection["ends"]):
        if ends[host]["segments"] != int(numbers["total packets"]):
            return "tcptrace does not see all of its frames, or those of another connection too"
    if any(end["capture_duplicates"] for end in ends.values()):
        return "segments that were captured twice are counted by tcptrace as often as they were captured"
    return None


class Difference:
    """A number that is not the same, with all that may excuse it."""

    def __init__(self, label, mine, theirs, end, peer, numbers, duration, by_their_rules):
        self.label, self.mine, self.theirs, self.end, self.peer = label, mine, theirs, end, peer
        self.numbers, self.duration, self.by_their_rules = numbers, duration, by_their_rules


def duplicate_acks(d):
    """A duplicate acknowledgement needs outstanding octets (RFC 5681); tcptrace takes the handshake's ACK after
    a SYN,ACK, and others that repeat one, for a duplicate."""
    return d.label in ("duplicate acks", "triple dupacks") and d.mine < d.theirs


def handshake_not_seen(d):
    """Where the handshake was not captured, the scale of windows is not known, nor whether a window is the initial one."""
    if d.label in ("max win adv", "min win adv", "avg win adv"):
        return d.end["window_samples"] == 0
    return d.label.startswith("initial window") and not d.end["syn_segments"] and d.mine == 0


def windows(d):
    """tcptrace counts the windows of RST, which mean nothing, and of a SYN, which is not scaled; its smallest
    is the smallest but 0, and its mean is taken over all segments."""
    if d.label == "min win adv":
        return d.mine == 0 and d.end["zero_windows"] > 0 or d.theirs < d.mine and d.end["rst_segments"] > 0
    return d.label in ("max win adv", "avg win adv") and (d.end["syn_segments"] > 0 or d.end["rst_segments"] > 0)


def deviation_of_two(d):
    """tcptrace gives no deviation of fewer than three samples."""
    return d.label in ("RTT stdev", "sdv retr time", "RTT full_sz stdev") and d.theirs == 0


def full_sized(d):
    """tcptrace takes what is as large as any segment acknowledged before for full-sized, SYN and FIN too."""
    if d.label == "RTT full_sz smpls":
        return d.theirs <= int(d.numbers["RTT samples"])
    return d.label.startswith("RTT full_sz") and (d.theirs == 0 or d.theirs <= float(d.numbers["RTT max"]))


def syn_octets(d):
    """tcptrace counts a repeated SYN or FIN as an octet of data."""
    controls = d.end["syn_segments"] + d.end["fin_segments"]
    return d.label == "rexmt data bytes" and 0 < d.theirs - d.mine < controls


def in_flight(d):
    """tcptrace counts SYN and FIN as in flight, and one octet too many, takes a sample at every segment, and goes by the
    latest acknowledgement, though it was overtaken by a higher one, below 0 too; where no acknowledgement of the peer was
    seen before, nobody knows what is in flight."""
    if d.label == "min non-zero owin":
        return d.mine == 0 and d.end["in_flight_min"] is None or d.theirs - d.mine in (1, 2) or d.theirs in (1, 2)
    if d.label == "max owin":
        unknown = d.mine == 0 and d.end["in_flight_min"] is None
        return unknown or d.theirs >= 2**63 or d.theirs - d.mine in (1, 2) or abs(d.theirs - d.by_their_rules["max owin"]) <= 1
    # Its mean lies below its maximum, and is 0 where that is.
    return d.label in ("avg owin", "wavg owin") and (d.theirs <= int(d.numbers["max owin"]) or int(d.numbers["max owin"]) >= 2**63)


def signed_mss(d):
    """tcptrace extends the sign of an MSS above 32767."""
    return d.label == "mss requested" and d.theirs == d.mine + 2**32 - 2**16


def lone_scale(d):
    """tcptrace gives a scale only where both SYNs were captured."""
    return d.label == "adv wind scale" and d.theirs == 0 and d.peer["window_scale"] is None


def probe_is_a_segment(d):
    """The octet of a probe is a segment of its own, though a later one brings it once more."""
    return d.label == "segs cum acked" and d.end["zero_window_probes"] > 0


def silence(d):
    """tcptrace takes the time from the last segment to the end of the capture for silence of the connection."""
    return d.label == "idletime max" and d.theirs > d.mine


def microseconds(d):
    """tcptrace cuts times to microseconds."""
    if d.label == "idletime max":
        return abs(d.theirs - d.mine) < 0.103
    octets = d.end["unique_bytes"]
    earliest = octets / (d.duration + 1.1e-6)
    latest = octets / (d.duration - 1.1e-6) if d.duration > 1.1e-6 else float("inf")
    return d.label == "throughput" and earliest - 1 <= d.theirs <= latest + 1


def simultaneous_open(d):
    """A SYN,ACK after a bare SYN repeats nothing (RFC 9293, figure 7), whatever tcptrace says."""
    counts = ("rexmt data pkts", "max # retrans", "min retr time", "max retr time", "avg retr time")
    return d.label in counts and d.mine == 0 and d.end["syn_segments"] == 2


def after_fin(d):
    """tcptrace lets a RST behind the FIN lengthen the stream."""
    return d.label in ("ttl stream length", "missed data") and d.theirs - d.mine == 1 and d.end["rst_segments"] > 0


def by_their_rules(d):
    """tcptrace's own rules, applied to our segments, give its number (tcptrace_rules.py): it counts as sent again only what
    is cut as before and not acknowledged yet, and knows neither SACK nor the echo of a timestamp."""
    number = d.by_their_rules.get(d.label)
    return number is not None and d.label != "max owin" and abs(number - d.theirs) <= (0 if isinstance(number, int) else 0.101)


def sack_on_syn(d):
    """tcptrace does not look for SACK blocks in a SYN, where they mean nothing and yet are."""
    return d.label in ("sack pkts sent", "max sack blks/ack") and d.end["sack_segments"] <= d.end["syn_segments"]


def empty_probes(d):
    """tcptrace does not count a probe that brings no octet."""
    return d.label == "zwnd probe pkts" and d.mine > d.theirs and d.end["zero_window_probe_bytes"] == int(d.numbers["zwnd probe bytes"])


def full_probes(d):
    """tcptrace takes whole segments that come to a closed window for probes of it: they were sent before it closed, or
    sent again."""
    counts = ("zwnd probe pkts", "rexmt data pkts", "zwnd probe bytes", "rexmt data bytes")
    if d.label not in counts:
        return False
    unit = d.label.rsplit(" ", 1)[1]
    ours = {"pkts": ("zero_window_probes", "retransmitted_segments"), "bytes": ("zero_window_probe_bytes", "retransmitted_bytes")}
    empty = d.end["zero_window_probes"] if unit == "pkts" and d.end["zero_window_probe_bytes"] == 0 else 0
    return sum(d.end[name] for name in ours[unit]) - empty == sum(int(d.numbers[f"{what} data {unit}" if what == "rexmt" else f"{what} probe {unit}"]) for what in ("zwnd", "rexmt"))


def stream_ends_early(d):
    """tcptrace gives a stream that is shorter than its own count of unique octets."""
    length = d.numbers["ttl stream length"]
    return d.label in ("ttl stream length", "missed data") and length != "NA" and int(length) < int(d.numbers["unique bytes sent"])


EXCUSES = [
    by_their_rules, silence, microseconds, simultaneous_open, after_fin, sack_on_syn, duplicate_acks,
    handshake_not_seen, windows, deviation_of_two, full_sized, syn_octets, in_flight, signed_mss, lone_scale,
    probe_is_a_segment, empty_probes, full_probes, stream_ends_early,
]


def compare(tcpscope, capture, tally):
    """The differences that nothing excuses, one sentence each."""
    if capture.name in SKIPPED:
        print(f"{capture.name}: {SKIPPED[capture.name]}")
        return []
    other = theirs(capture)
    if not other:
        print(f"{capture.name}: tcptrace reads no connection in it")
        return []
    pairs, alone = paired(ours(tcpscope, capture), other)
    for sentence in alone:
        print(f"{capture.name}: {sentence}")
    differences = []
    for row, ends, connection in pairs:
        if reason := incomparable(capture, row, ends, connection):
            print(f"{capture.name} connection {row['id']}: {reason}")
            continue
        for (host, numbers), peer in zip(zip(connection["hosts"], connection["ends"]), reversed(connection["hosts"])):
            rules = tcptrace_rules.of(row["all"], host)
            for label, text in numbers.items():
                if label not in NUMBERS:
                    continue
                find, read, allowed = NUMBERS[label]
                difference = Difference(
                    label, find(ends[host], ends[peer]), read(text), ends[host], ends[peer], numbers,
                    row["duration"] or 0, rules,
                )
                tally["compared"] += 1
                if not differs(difference.mine, difference.theirs, allowed):
                    continue
                excuse = next((excuse for excuse in EXCUSES if excuse(difference)), None)
                if excuse:
                    tally[excuse.__doc__] += 1
                    continue
                differences.append(
                    f"{capture.name} connection {row['id']} {host[0]}:{host[1]}: {label} is {difference.mine}, "
                    f"tcptrace says {difference.theirs}"
                )
    return differences


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    tcpscope = str(pathlib.Path(sys.argv[1]).resolve())
    root = pathlib.Path(__file__).resolve().parents[2] / "captures"
    captures = [pathlib.Path(name) for name in sys.argv[2:]] or sorted(root.glob("*.pcap*"))
    tally = collections.Counter()
    differences = []
    for capture in captures:
        differences += compare(tcpscope, capture, tally)
    for difference in differences:
        print(difference)
    compared = tally.pop("compared")
    for reason, times in tally.most_common():
        print(f"{times} times: {' '.join(reason.split())}")
    print(f"{compared} numbers of {len(captures)} captures compared with tcptrace, {len(differences)} differences")
    if differences or not compared:
        sys.exit(1)


main()
