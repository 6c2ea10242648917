"""Runs a program on a terminal of its own: what comes in is typed, what it writes goes out.

ESC [ 8 ; ROWS ; COLUMNS t in what comes in sets the size of the terminal, as it does in xterm.
"""
import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios

SIZE = re.compile(rb"\x1b\[8;(\d+);(\d+)t")


def resize(terminal, rows, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


child, terminal = pty.fork()
if child == 0:
    resize(0, 24, 80)
    os.execv(sys.argv[1], sys.argv[1:])

sources = [terminal, 0]
while True:
    ready, _, _ = select.select(sources, [], [])
    if terminal in ready:
        try:
            written = os.read(terminal, 65536)
        except OSError:
            written = b""
        if not written:
            break
        os.write(1, written)
    if 0 in ready:
        typed = os.read(0, 65536)
        if not typed:
            sources.remove(0)
        for size in SIZE.finditer(typed):
            resize(terminal, int(size[1]), int(size[2]))
        os.write(terminal, SIZE.sub(b"", typed))
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status))
