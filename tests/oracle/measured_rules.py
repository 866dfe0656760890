"""Where tshark measures a segment otherwise than we do: one rule for each reason, with the RFC that says who is right.

tshark keeps a list of the segments under way and compares numbers with it. Where an acknowledgement number is the end of a
segment in that list, it names the segment's frame, the first where there are several, and gives the time since. What is in
flight spans the list, less the blocks of the latest SACK option. Our values follow the RFCs; each rule below looks at the
segments before a frame for the reason that makes the two differ there.
"""

CONTROLS = ("SYN", "FIN")


class Sent:
    """One segment, with the numbers that it takes up, counted from the ISN."""

    def __init__(self, record):
        self.frame, self.start = record["frame"], record["relative_seq"]
        self.controls = sum(flag in record["flags"] for flag in CONTROLS)
        self.end = self.start + record["payload_len"] + self.controls
        self.copy = "capture_duplicate" in record["analysis"]
        self.again = record["delivery"]["repeated"] > 0 and "keep_alive" not in record["analysis"]
        self.gap = record["delivery"]["gap"] > 0
        self.dropped = bool({"out-of-window", "ack-unacceptable", "ack-missing"} & set(record["labels"]))


class End:
    """What one end of a connection sent and acknowledged before a frame."""

    def __init__(self):
        self.sent, self.sacks, self.last_sack, self.acked = {}, [], [], 0
        # What its RSTs acknowledge, and the numbers of its SYNs.
        self.reset_acks, self.isns = [], set()


class Difference:
    """A value that differs, with what came before its frame."""

    def __init__(self, record, key, said, expected, own, peer):
        self.record, self.key, self.ours, self.theirs = record, key, said[key], expected[key]
        # The frame that tshark takes for the one acknowledged.
        self.named = expected["acks_frame"]
        self.own, self.peer = own, peer
        self.ack = record["relative_ack"]
        self.of_time = key != "bytes_in_flight"

    def holds(self, end, numbers):
        """The segments of an end that hold any of these numbers."""
        start, behind = numbers
        return [sent for sent in end.sent.values() if sent.start < behind and sent.end > start]

    def last_octet(self):
        """The segments that held the last octet acknowledged."""
        return self.holds(self.peer, (self.ack - 1, self.ack))

    def under_way(self):
        """The segments of its sender that hold what is not acknowledged."""
        return [sent for sent in self.own.sent.values() if sent.end > self.peer.acked]

    def tshark_has_more(self):
        return not self.of_time and (self.theirs or 0) > (self.ours or 0)

    def tshark_has_less(self):
        return not self.of_time and (self.theirs or 0) < (self.ours or 0)


def counts_a_copy(d):
    """The segment, or the one acknowledged, or one under way, is in the capture twice."""
    about = d.last_octet() if d.of_time and d.ack is not None else d.under_way()
    return "capture_duplicate" in d.record["analysis"] or any(sent.copy for sent in about)


def begins_anew(d):
    """An end has sent SYNs with several numbers."""
    return len(d.own.isns) > 1 or len(d.peer.isns) > 1


def of_another_connection(d):
    return d.of_time and d.named is not None and d.named not in d.peer.sent


def acked_by_a_reset(d):
    return d.of_time and d.theirs is None and any(d.ack <= ack for ack in d.own.reset_acks)


def behind_a_fin(d):
    return d.tshark_has_more() and "data-after-fin" in d.record["labels"]


def nothing_new(d):
    return d.of_time and d.ours is None and d.record["newly_acked"] == 0


def sent_again(d):
    return d.of_time and d.theirs is not None and len(d.last_octet()) > 1


def after_a_loss(d):
    """After the segment with the last octet, one was sent that is covered, too."""
    if d.key != "ack_rtt" or d.ours is not None:
        return False
    last = max((sent.frame for sent in d.last_octet()), default=None)
    covered = d.holds(d.peer, (d.ack - d.record["newly_acked"], d.ack))
    return last is not None and any(sent.frame > last for sent in covered)


def sacked_before(d):
    return d.key == "ack_rtt" and d.ours is None and any(left < d.ack <= right for left, right in d.own.sacks)


def within_a_segment(d):
    return d.of_time and d.theirs is None and all(sent.end != d.ack for sent in d.last_octet())


def not_known(d):
    return not d.of_time and d.record["in_flight"] is None


def forgets_sack(d):
    """Blocks of earlier SACK options, which the latest had no room for."""
    earlier = set(d.peer.sacks) - set(d.peer.last_sack)
    within = lambda block: any(left <= block[0] and block[1] <= right for left, right in d.peer.last_sack)
    return d.tshark_has_more() and any(block[1] > d.peer.acked and not within(block) for block in earlier)


def acknowledged_already(d):
    """It brings what had been acknowledged, or what was sent before it did."""
    own = d.own.sent.get(d.record["frame"])
    again = any(sent.again and sent.start < d.peer.acked for sent in d.own.sent.values())
    return d.tshark_has_more() and (again or own is not None and own.end <= d.peer.acked)


def missed_by_the_capture(d):
    """Octets before what is under way were not captured when it was sent."""
    return d.tshark_has_less() and any(sent.gap for sent in d.under_way())


def sack_below(d):
    """The latest SACK option has blocks that were acknowledged meanwhile, or report a duplicate."""
    return d.tshark_has_less() and any(left < d.peer.acked for left, _ in d.peer.last_sack)


def counts_a_control(d):
    controls = sum(sent.controls for sent in d.under_way())
    return d.tshark_has_more() and d.theirs - (d.ours or 0) <= controls


# Name, test, who is right, and why. The first that holds is the reason.
RULES = [
    ("copy", counts_a_copy, "ours", "a segment that the capture holds twice was sent and acknowledged once"),
    ("anew", begins_anew, "ours",
     "a SYN whose number the peer then acknowledges begins the numbers anew (RFC 9293, section 3.5); tshark mixes both"),
    ("reset", acked_by_a_reset, "ours",
     "the ACK of a RST acknowledges no octets (RFC 9293, section 3.10.7.4, second check); for tshark it does"),
    ("behind_fin", behind_a_fin, "ours",
     "behind a FIN nothing can be sent (RFC 9293, section 3.6), so it is not in flight"),
    ("nothing_new", nothing_new, "ours",
     "SEG.ACK =< SND.UNA acknowledges nothing (RFC 9293, section 3.10.7.4, fifth check); the ACK of a RST or of a segment "
     "that is not acceptable is not looked at (first and second check)"),
    ("elsewhere", of_another_connection, "ours",
     "the frame that tshark names is of an earlier connection between the same ports, which was over (RFC 9293, section "
     "3.10.7), or is no segment of this end that counts"),
    ("sent_again", sent_again, "ours",
     "no round trip of octets sent more than once (RFC 6298, section 3), unless the echoed timestamp tells which "
     "transmission it answers (RFC 7323, section 4); the frame is that of the latest, tshark names the first"),
    ("after_a_loss", after_a_loss, "ours",
     "the acknowledgement waited until a hole was filled, so it answers what filled it (RFC 6298, section 3; RFC 5681, "
     "section 4.2)"),
    ("sacked_before", sacked_before, "ours",
     "the octets had arrived long before, as SACK said (RFC 2018, section 3); the time is that of the hole"),
    ("part", within_a_segment, "ours",
     "a number in the midst of a captured segment acknowledges octets, too (RFC 9293, section 3.4); tshark wants its end"),
    ("not_known", not_known, "undecided",
     "SND.UNA is not known before an acknowledgement was seen, or where it lies beyond what was captured (RFC 9293, "
     "section 3.3.1): we say nothing, tshark counts what it saw"),
    ("sack_earlier", forgets_sack, "ours",
     "an option has room for three or four blocks, and earlier ones stay true (RFC 2018, section 4): tshark forgets them"),
    ("acknowledged", acknowledged_already, "ours",
     "octets below SND.UNA are not in flight, however often they are sent (RFC 9293, section 3.3.1)"),
    ("missed", missed_by_the_capture, "ours",
     "SND.NXT less SND.UNA holds octets that only the capture missed (RFC 9293, section 3.3.1); tshark counts from the "
     "first that it saw, or not at all"),
    ("sack_below", sack_below, "ours",
     "blocks below SND.UNA are acknowledged or report duplicates (RFC 2883, section 4): nothing of what is in flight; "
     "tshark subtracts them"),
    ("control", counts_a_control, "ours", "SYN and FIN take a number and are no octet (RFC 9293, section 3.4)"),
]
