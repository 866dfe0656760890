#!/usr/bin/env python3
"""Writes a capture of random conversations, in which little is as it should be: segments are sent again, left out,
acknowledged before they are seen, windows close, clocks run backwards. For comparing what others make of it.

    random_conversations.py SEED CONVERSATIONS FILE

The same seed gives the same capture. No SYN stands within a conversation, and no number is 0 on the wire: of these
tshark is known to make something else (see compare_with_tshark.py).
"""

import random
import struct
import sys

FIN, SYN, RST, PSH, ACK = (1 << bit for bit in range(5))
MS = 1_000_000
PAUSES = [0, MS // 100, MS // 3, MS, 4 * MS, 15 * MS, 25 * MS, 60 * MS, 300 * MS]
LENGTHS = [1, 100, 1000, 1000, 1448]


class End:
    """What one end has sent, as far as the dice know."""

    def __init__(self, address, port, isn):
        self.address, self.port, self.isn = address, port, isn
        self.next = self.acked = self.identification = 0
        self.window = 65_535


class Conversation:
    def __init__(self, dice, number, file, now):
        isn = lambda: dice.randrange(1 << 20, 1 << 31)
        wraps = dice.random() < 0.1
        client = End(struct.pack("!BBH", 10, 0, number + 1), 40_000, (1 << 32) - 1500 if wraps else isn())
        self.ends = [client, End(bytes([10, 1, 0, 2]), 80, isn())]
        self.dice, self.file, self.now = dice, file, now
        self.sack = dice.random() < 0.5

    def send(self, side, flags, seq, payload=0, options=b""):
        own, peer = self.ends[side], self.ends[1 - side]
        options += b"\1" * (-len(options) % 4)
        ack = (peer.isn + own.acked) % (1 << 32) if flags & ACK else 0
        tcp = struct.pack(
            "!HHIIBBHHH", own.port, peer.port, (own.isn + seq) % (1 << 32), ack, (20 + len(options)) << 2, flags,
            own.window, 0, 0,
        )
        own.identification = (own.identification + 1) % (1 << 16)
        length = 20 + len(tcp) + len(options) + payload
        ip = struct.pack("!BBHHHBBH", 0x45, 0, length, own.identification, 0, 64, 6, 0) + own.address + peer.address
        frame = bytes(12) + b"\x08\x00" + ip + tcp + options + b"x" * payload
        self.file.write(struct.pack("<IIII", *divmod(self.now, 1000 * MS), len(frame), len(frame)) + frame)

    def open(self):
        client, server = self.ends
        offers = []
        for shifts in ([None, 0, 7], [None, 2]):
            shift = self.dice.choice(shifts)
            mss = b"\x02\x04\x05\xb4" + (b"\x04\x02" if self.sack else b"")
            offers.append(mss + (bytes([3, 3, shift]) if shift is not None else b""))
        for _ in range(2 if self.dice.random() < 0.1 else 1):
            self.send(0, SYN, 0, options=offers[0])
            self.now += self.dice.choice([MS // 10, 20 * MS, 1000 * MS])
        server.acked = 1
        self.send(1, SYN | ACK, 0, options=offers[1])
        self.now += self.dice.choice([MS // 20, MS])
        client.acked = 1
        self.send(0, ACK, 1)

    def step(self):
        dice = self.dice
        seldom = dice.random() < 0.1
        self.now += dice.choice([2000 * MS, -MS] if seldom else PAUSES)
        side = dice.choice([0, 0, 1])
        [self.data, self.acknowledge, self.end][dice.choices([0, 1, 2], [45, 52, 3])[0]](side)

    def data(self, side):
        dice, own = self.dice, self.ends[side]
        length = dice.choice(LENGTHS)
        gap, back = dice.choice([1, 1000, 2000]), dice.choice([100, 1000, 1448, 2000, 3000])
        seq = dice.choices([own.next, own.next - 1, own.next + gap, max(1, own.next - back)], [70, 8, 8, 14])[0]
        flags = ACK | dice.choice([0, 0, PSH]) | (FIN if dice.random() < 0.02 else 0)
        self.send(side, flags, seq, length)
        own.next = max(own.next, seq + length + (flags & FIN))

    def acknowledge(self, side):
        dice, own, peer = self.dice, self.ends[side], self.ends[1 - side]
        less, more = dice.choice([100, 1000, 1448]), dice.choice([1, 1000, 3000])
        news = [max(own.acked, peer.next), max(own.acked, peer.next - less), peer.next + more, own.acked]
        own.acked = dice.choices(news, [45, 15, 8, 32])[0]
        if dice.random() < 0.12:
            own.window = dice.choice([0, 0, 1000, 4096, 65_535, 29_200])
        options = b""
        if self.sack and dice.random() < 0.25 and peer.next > own.acked + 200:
            left = own.acked + dice.choice([100, 1000])
            right = left + dice.choice(LENGTHS)
            block = [(peer.isn + edge) % (1 << 32) for edge in (left, right)]
            options = b"\1\1\5\x0a" + struct.pack("!II", *block)
        self.send(side, ACK, own.next - (dice.random() < 0.1), options=options)

    def end(self, side):
        own = self.ends[side]
        if self.dice.random() < 0.5:
            self.send(side, FIN | ACK, own.next)
            own.next += 1
        else:
            self.send(side, RST | self.dice.choice([0, ACK]), own.next)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    dice = random.Random(int(sys.argv[1]))
    now = 1_600_000_000_000 * MS
    with open(sys.argv[3], "wb") as file:
        # Nanoseconds, Ethernet.
        file.write(struct.pack("<IHHIIII", 0xA1B23C4D, 2, 4, 0, 0, 65_535, 1))
        for number in range(int(sys.argv[2])):
            conversation = Conversation(dice, number, file, now)
            if dice.random() < 0.75:
                conversation.open()
            else:
                for end in conversation.ends:
                    end.acked = 1
            for end in conversation.ends:
                end.next = 1
            for _ in range(dice.randrange(5, 60)):
                conversation.step()
            now = conversation.now + 1000 * MS


if __name__ == "__main__":
    main()
