"""Small servers and clients as a course on TCP has them, to be the other end of `tcpscope serve` and `connect`.

    peer.py server MODE            prints the port it listens on, then a line for each thing it received
    peer.py client MODE PORT       says what the course's client of that mode says, and prints what it hears

They know nothing of tcpscope. As Go's do, the sockets set SO_REUSEADDR and TCP_NODELAY. A server serves one
connection, or one datagram, and ends.
"""

import http.client
import http.server
import socket
import struct
import sys

LINES = [b"hello", b"How are you?"]


def say(*words):
    print(*words, flush=True)


def listen():
    listener = socket.create_server(("127.0.0.1", 0))
    say(listener.getsockname()[1])
    return listener


def accept():
    connection, _ = listen().accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def connect(port):
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def exactly(connection, octets):
    """So many octets, or None where the stream ends first."""
    found = b""
    while len(found) < octets:
        part = connection.recv(octets - len(found))
        if not part:
            return None
        found += part
    return found


def answer_each_read(answer):
    with accept() as connection:
        while read := connection.recv(128):
            say("received", read.decode())
            connection.sendall(answer(read))


def only_read():
    """Prints what each read brought."""
    with accept() as connection:
        while read := connection.recv(1024):
            say("received", read.decode())


def only_read_messages():
    """Four octets of length, little-endian, then the message. It never answers."""
    with accept() as connection:
        while head := exactly(connection, 4):
            say("received", exactly(connection, *struct.unpack("<i", head)).decode())


def answer_a_datagram():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        say(server.getsockname()[1])
        datagram, client = server.recvfrom(1024)
        say("received", datagram.decode())
        server.sendto(datagram, client)


class Hello(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        say("received", self.path)
        self.send_response(200)
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write(b"hello\n")

    def log_message(self, *_):
        pass


def answer_a_get():
    server = http.server.HTTPServer(("127.0.0.1", 0), Hello)
    say(server.server_port)
    server.handle_request()


SERVERS = {
    "echo": lambda: answer_each_read(lambda read: read),
    "ok": lambda: answer_each_read(lambda read: b"ok"),
    "prefix": lambda: answer_each_read(lambda read: b"your message is " + read),
    "upper": lambda: answer_each_read(bytes.upper),
    "sticky": only_read,
    "framed": only_read_messages,
    "udp": answer_a_datagram,
    "http": answer_a_get,
}


def say_lines(port):
    """Waits for an answer to each line, as one who types does."""
    with connect(port) as connection:
        for line in LINES:
            connection.sendall(line)
            say("heard", connection.recv(512).decode())


def say_back_to_back(message):
    def run(port):
        """Twenty writes; nothing is ever read."""
        with connect(port) as connection:
            for _ in range(20):
                connection.sendall(message)

    return run


def send_a_datagram(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(20)
        client.connect(("127.0.0.1", port))
        client.send(b"Hello server")
        say("heard", client.recv(4096).decode())


def get(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/")
    answer = connection.getresponse()
    say("heard", answer.status, len(answer.read()) > 0)


CLIENTS = {
    "echo": say_lines,
    "ok": say_lines,
    "prefix": say_lines,
    "upper": say_lines,
    "sticky": say_back_to_back(b"Hello!"),
    "framed": say_back_to_back(struct.pack("<i", 11) + b"Hello Ares!"),
    "udp": send_a_datagram,
    "http": get,
}


if __name__ == "__main__":
    side, mode, *port = sys.argv[1:]
    if side == "server":
        SERVERS[mode]()
    else:
        CLIENTS[mode](int(*port))
