#!/usr/bin/env python3
"""Compares `tcpscope read --format ndjson` with tshark on captures, segment by segment.

    compare_with_tshark.py TCPSCOPE [CAPTURE...]

Without captures, those in captures/. Every field of every segment must be equal, and so must the analysis,
where tshark's is to be had: it takes the parts of a connection for others where numbers begin anew, and
the exceptions below say so. Exit status 1 where anything differs.
"""

import json
import pathlib
import subprocess
import sys

# Where tshark's analysis cannot be compared, and why.
NO_ANALYSIS = {
    "challenge-ack.pcap": "tshark splits the connection at the stray SYN",
    "half-open-syn.pcap": "tshark splits the connection at the SYN of the host that crashed",
    "sequence-wrap.pcap": "tshark takes the acknowledgement number 0 for none",
    "vlan.pcap": "tshark 4.0 takes the same ports on two VLANs for one connection",
}

ANALYSIS = [
    "retransmission", "fast_retransmission", "spurious_retransmission", "out_of_order", "lost_segment",
    "ack_lost_segment", "duplicate_ack", "keep_alive", "keep_alive_ack", "window_update", "window_full",
    "zero_window", "zero_window_probe", "zero_window_probe_ack", "reused_ports",
    "tfo_syn", "tfo_ack", "tfo_ignored",
]

FIELDS = [
    "frame.number", "frame.time_epoch", "ip.src", "ipv6.src", "tcp.srcport", "ip.dst", "ipv6.dst", "tcp.dstport",
    "ip.ttl", "ipv6.hlim", "tcp.seq_raw", "tcp.ack_raw", "tcp.flags", "tcp.window_size_value",
    "tcp.urgent_pointer", "tcp.hdr_len", "tcp.len", "tcp.checksum.status", "tcp.option_kind",
    "tcp.options.mss_val", "tcp.options.wscale.shift", "tcp.options.timestamp.tsval",
    "tcp.options.timestamp.tsecr",
] + ["tcp.analysis." + name for name in ANALYSIS]

FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"]
CHECKSUMS = {"0": "invalid", "1": "valid", "2": None}


def seconds(text):
    """Seconds with nine decimals, as the machine format writes them."""
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction:0<9}"


def theirs(capture):
    """What tshark says of each segment, in our words."""
    command = [
        "tshark", "-n", "-r", str(capture), "-Y", "tcp && !icmp && !icmpv6", "-T", "fields", "-E", "separator=|", "-E", "aggregator=,",
        "-o", "tcp.check_checksum:TRUE", "-o", "tcp.desegment_tcp_streams:FALSE",
    ]
    for field in FIELDS:
        command += ["-e", field]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    segments = {}
    for line in run.stdout.splitlines():
        row = dict(zip(FIELDS, line.split("|")))
        bits = int(row["tcp.flags"], 16)
        number = lambda field: int(row[field]) if row[field] else None
        segments[int(row["frame.number"])] = {
            "time": seconds(row["frame.time_epoch"]),
            "src": f"{row['ip.src'] or row['ipv6.src']} {row['tcp.srcport']}",
            "dst": f"{row['ip.dst'] or row['ipv6.dst']} {row['tcp.dstport']}",
            "ttl": int(row["ip.ttl"] or row["ipv6.hlim"]),
            "seq": number("tcp.seq_raw"),
            "ack": number("tcp.ack_raw") if bits & 0x10 else None,
            "flags": [name for bit, name in enumerate(FLAGS) if bits >> bit & 1],
            "window": number("tcp.window_size_value"),
            "urgent": number("tcp.urgent_pointer"),
            "header_len": number("tcp.hdr_len"),
            "payload_len": number("tcp.len"),
            "checksum": CHECKSUMS[row["tcp.checksum.status"]],
            "kinds": [int(kind) for kind in row["tcp.option_kind"].split(",") if kind],
            "mss": number("tcp.options.mss_val"),
            "shift": number("tcp.options.wscale.shift"),
            "tsval": number("tcp.options.timestamp.tsval"),
            "tsecr": number("tcp.options.timestamp.tsecr"),
            "analysis": sorted(name for name in ANALYSIS if row["tcp.analysis." + name]),
        }
    return segments


def ours(tcpscope, capture):
    """What tcpscope says of each segment, as far as tshark says it too."""
    run = subprocess.run(
        [tcpscope, "read", str(capture), "--format", "ndjson"], capture_output=True, text=True, check=True
    )
    segments = {}
    for line in run.stdout.splitlines():
        row = json.loads(line)
        if row["type"] != "segment":
            continue
        options = {key: value for option in row["options"] for key, value in option.items()}
        segments[row["frame"]] = {
            "time": row["time"],
            "src": f"{row['src']['addr']} {row['src']['port']}",
            "dst": f"{row['dst']['addr']} {row['dst']['port']}",
            "ttl": row["ip"]["ttl"],
            "kinds": [option["kind"] for option in row["options"]],
            "mss": options.get("mss"),
            "shift": options.get("shift"),
            "tsval": options.get("tsval"),
            "tsecr": options.get("tsecr"),
            "analysis": sorted(set(row["analysis"]) & set(ANALYSIS)),
        } | {
            key: row[key]
            for key in ("seq", "ack", "flags", "window", "urgent", "header_len", "payload_len", "checksum")
        }
    return segments


def compare(tcpscope, capture):
    """The differences, one sentence each, and the number of segments compared."""
    mine, other = ours(tcpscope, capture), theirs(capture)
    differences = []
    for frame in sorted(mine.keys() | other.keys()):
        if frame not in mine or frame not in other:
            who = "tshark" if frame in other else "tcpscope"
            differences.append(f"{capture.name} frame {frame}: only {who} sees a segment")
            continue
        for key, value in other[frame].items():
            if key == "analysis" and capture.name in NO_ANALYSIS or key == "checksum" and value is None:
                continue
            # On loopback the sum is left to a network card that is not there, for which tshark has no word.
            if capture.name.startswith("live-") and (key, mine[frame][key], value) == ("checksum", "partial", "invalid"):
                continue
            if mine[frame][key] != value:
                differences.append(
                    f"{capture.name} frame {frame}: {key} is {mine[frame][key]!r}, tshark says {value!r}"
                )
    return differences, len(other)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    tcpscope = str(pathlib.Path(sys.argv[1]).resolve())
    root = pathlib.Path(__file__).resolve().parents[2] / "captures"
    captures = [pathlib.Path(name) for name in sys.argv[2:]] or sorted(root.glob("*.pcap*"))
    differences, segments = [], 0
    for capture in captures:
        found, count = compare(tcpscope, capture)
        differences += found
        segments += count
    for difference in differences:
        print(difference)
    print(f"{segments} segments in {len(captures)} captures compared with tshark, {len(differences)} differences")
    if differences or not segments:
        sys.exit(1)


if __name__ == "__main__":
    main()
