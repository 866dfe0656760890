"""tcptrace's rules for round trips, repeated segments and octets in flight, restated and applied to our own segments.

Where a number of ours differs from tcptrace's, and these rules give tcptrace's number, the difference is the rule's.
They differ from ours in that
  1. a segment is sent again only where it is cut as before and has not been acknowledged yet,
  2. an acknowledgement gives no round trip where any segment below it was sent later, acknowledged before or not,
  3. neither SACK nor the echo of a timestamp tells anything,
  4. what was acknowledged last counts, though it was overtaken by a higher number,
  5. an empty segment that overtook others shows no gap before it.
"""

import statistics


def segment_len(segment):
    """Sequence numbers that it takes up."""
    return segment["payload_len"] + ("SYN" in segment["flags"]) + ("FIN" in segment["flags"])


def milliseconds(times):
    return [nanos / 1e6 for nanos in times]


def spread(name, times):
    """The numbers about a list of times under tcptrace's labels."""
    times = milliseconds(times)
    deviation = statistics.stdev(times) if len(times) > 2 else 0.0
    return {
        f"{name} min": min(times, default=0.0),
        f"{name} max": max(times, default=0.0),
        f"{name} avg": statistics.fmean(times) if times else 0.0,
        f"{name} stdev": deviation,
    }


class Sent:
    def __init__(self, start, end, time):
        self.start, self.end, self.time, self.acks, self.again = start, end, time, 0, 0


class End:
    """One end, of whose segments and acknowledgements tcptrace keeps count."""

    def __init__(self):
        self.sent, self.trips, self.repeats = [], [], []
        self.after_loss = self.ambiguous = self.again = 0
        self.highest, self.acked, self.in_flight = 0, None, []
        self.highest_octet = self.out_of_order = 0

    def sends(self, segment, time):
        """Its segment."""
        if "RST" in segment["flags"]:
            return
        start = segment["relative_seq"]
        end = start + segment_len(segment)
        self.highest = max(self.highest, end)
        if self.acked is not None:
            self.in_flight.append(self.highest - self.acked + 1)
        if start == end:
            return
        # 5.
        overlaps = any(sent.start < end and start < sent.end for sent in self.sent)
        self.out_of_order += start < self.highest_octet and not overlaps
        self.highest_octet = max(self.highest_octet, end)
        before = next((sent for sent in self.sent if (sent.start, sent.end) == (start, end)), None)
        if before is None:
            self.sent.append(Sent(start, end, time))
            self.sent.sort(key=lambda sent: (sent.start, sent.end))
            return
        # 1.
        if not before.acks:
            self.repeats.append(time - before.time)
            before.again += 1
            self.again = max(self.again, before.again)
        before.time = time

    def is_acked(self, segment, time):
        """The other end's segment."""
        ack = segment["relative_ack"]
        if ack is None or "RST" in segment["flags"]:
            return
        # 4.
        self.acked = ack
        latest = 0
        for sent in self.sent:
            if ack <= sent.start:
                break
            # 2.
            latest = max(latest, sent.time)
            sent.acks += 1
            if sent.acks > 1 or ack != sent.end:
                continue
            # 3.
            if latest > sent.time:
                self.after_loss += 1
            elif sent.again:
                self.ambiguous += 1
            else:
                self.trips.append(time - sent.time)

    def numbers(self):
        """By tcptrace's labels."""
        repeats = {label.replace("stdev", "sdv"): number for label, number in spread("retr time", self.repeats).items()}
        return {
            "RTT samples": len(self.trips),
            **spread("RTT", self.trips),
            "post-loss acks": self.after_loss,
            "ambiguous acks": self.ambiguous,
            "max # retrans": self.again,
            **{" ".join(reversed(label.rsplit(" ", 1))): number for label, number in repeats.items()},
            "outoforder pkts": self.out_of_order,
            "max owin": max(self.in_flight, default=0),
        }


def of(segments, host):
    """What tcptrace would say of the end `host` of a connection with these segments."""
    end = End()
    for segment in segments:
        time = int(segment["time"].replace(".", "")) if segment["time"] else 0
        if (segment["src"]["addr"], segment["src"]["port"]) == host:
            end.sends(segment, time)
        else:
            end.is_acked(segment, time)
    return end.numbers()
