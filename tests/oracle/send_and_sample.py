#!/usr/bin/env python3
"""Sends octets over TCP and samples what the kernel says of the sending socket (TCP_INFO); or receives them.

    send_and_sample.py receive ADDRESS PORT OCTETS
    send_and_sample.py send ADDRESS PORT OCTETS CONGESTION_CONTROL

The receiver prints `listening` once it does. The sender prints one line a sample: the time in nanoseconds since the epoch, the
congestion window and the segments under way in segments, the octets of a segment, the octets that wait to be sent, ssthresh in
segments. Exit status 3: the kernel does not have, or not allow, this congestion control.
"""

import socket
import struct
import sys
import threading
import time

PERIOD = 0.002
TCP_INFO, TCP_CONGESTION = 11, 13


def sample(connection):
    """One line; the layout is that of `struct tcp_info` in linux/tcp.h."""
    info = connection.getsockopt(socket.IPPROTO_TCP, TCP_INFO, 192)

    def number(offset):
        return struct.unpack_from("<I", info, offset)[0]

    under_way = number(24) - number(28) - number(32) + number(36)
    return f"{time.time_ns()} {number(80)} {under_way} {number(16)} {number(144)} {number(76)}"


def send(address, port, octets, control):
    connection = socket.socket()
    try:
        connection.setsockopt(socket.IPPROTO_TCP, TCP_CONGESTION, control.encode())
    except OSError:
        sys.exit(3)
    connection.connect((address, port))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
    done, lines = threading.Event(), []

    def watch():
        while not done.is_set():
            lines.append(sample(connection))
            time.sleep(PERIOD)

    watcher = threading.Thread(target=watch)
    watcher.start()
    connection.sendall(b"x" * octets)
    connection.recv(1)
    done.set()
    watcher.join()
    connection.close()
    print("\n".join(lines))


def receive(address, port, octets):
    listener = socket.create_server((address, port))
    print("listening", flush=True)
    connection, _ = listener.accept()
    while octets > 0:
        taken = len(connection.recv(1 << 18))
        if taken == 0:
            sys.exit("the sender closed early")
        octets -= taken
    connection.sendall(b"k")
    connection.recv(1)


if sys.argv[1] == "send":
    send(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
else:
    receive(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
