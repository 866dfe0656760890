#!/usr/bin/env bash
# Makes the texts in this directory anew, with the programs that people take octets from.
set -euo pipefail
cd "$(dirname "$0")"
capture=../../captures/handshake.pcap

# The second frame is the SYN: behind the file's header (24 octets) and an ARP frame (16 + 42), and its own 16.
frame() { tail -c +$((24 + 16 + 42 + 16 + 1)) "$capture" | head -c 74; }
segment() { frame | tail -c +35; }

segment | xxd >xxd.txt
segment | xxd -g 1 -c 8 -u >xxd-g1-c8-u.txt
segment | xxd -p >xxd-p.txt
segment | xxd -i >xxd-i.txt
segment >syn.bin && xxd -i syn.bin >xxd-i-named.txt && rm syn.bin
segment | hexdump -C >hexdump-C.txt
segment | hexdump >hexdump.txt
segment | head -c 39 | hexdump >hexdump-odd.txt
{ segment; head -c 100 /dev/zero; } | hexdump -C >hexdump-C-repeated.txt
{ segment; head -c 100 /dev/zero; } | xxd -a >xxd-a-repeated.txt
segment | od -A x -t x1 -v >od-x1.txt
segment | od -A n -t x1 -v | sed 's/ /\\x/g' | tr -d '\n' >escaped.txt
tcpdump -nr "$capture" -c 1 -x tcp >tcpdump-x.txt 2>/dev/null
tcpdump -nr "$capture" -c 1 -xx tcp >tcpdump-xx.txt 2>/dev/null
tcpdump -nr "$capture" -c 1 -X tcp >tcpdump-X.txt 2>/dev/null
tcpdump -nr "$capture" -c 1 -XX tcp >tcpdump-XX.txt 2>/dev/null
tcpdump -nr "$capture" -c 3 -X tcp >tcpdump-X-three.txt 2>/dev/null
tshark -r "$capture" -Y 'frame.number == 2' -x >tshark-x.txt 2>/dev/null
tshark -r "$capture" -Y 'frame.number == 2 or frame.number == 5' -x >tshark-x-two.txt 2>/dev/null
tshark -r "$capture" -Y 'frame.number == 2' -T jsonraw 2>/dev/null |
    grep -A 1 '"frame_raw"' | grep -oE '[0-9a-f]{20,}' >tshark-stream.txt
