"""A USB video camera in software: it speaks USB/IP with the kernel's virtual host controller, so that the kernel's own
driver for USB cameras (uvcvideo) is what is tested. It can be plugged in, unplugged, frozen, and made to send other frames.

The kernel's gadget for cameras cannot do this over dummy_hcd, which refuses isochronous transfers; here frames go over a
bulk endpoint, as some cameras send them. Layouts: the USB Video Class 1.0 specification and the kernel's usbip protocol.
"""

import socket
import struct
import threading
import time

ATTACH = "/sys/devices/platform/vhci_hcd.0/attach"
DETACH = "/sys/devices/platform/vhci_hcd.0/detach"
HIGH_SPEED = 3
PORT = 0
CMD_SUBMIT, CMD_UNLINK, RET_SUBMIT, RET_UNLINK = 1, 2, 3, 4
HEADER = struct.Struct(">5I")
SUBMIT = struct.Struct(">IiiiI8s")
STALL, CONNECTION_RESET = -32, -104
# A payload is one transfer of the kernel's: 32 packets of 512 bytes.
PAYLOAD = 16384
STREAM_ENDPOINT = 1
# In units of 100 ns: 15 frames a second.
INTERVAL = 666_666
# Bytes of a JPEG at most.
LARGEST = 1 << 20
YUY2_GUID = bytes.fromhex("5955593200001000800000aa00389b71")
NV12_GUID = bytes.fromhex("4e56313200001000800000aa00389b71")


def jpeg_size(jpeg):
    """Width and height of a JPEG, from its frame header."""
    place = 2
    while place < len(jpeg):
        marker, length = jpeg[place + 1], struct.unpack(">H", jpeg[place + 2 : place + 4])[0]
        if 0xC0 <= marker <= 0xC2:
            height, width = struct.unpack(">HH", jpeg[place + 5 : place + 9])
            return width, height
        place += 2 + length
    raise ValueError("a JPEG without a frame header")


def drawn_lesion(width, height):
    """Luma of a dark disc on skin, row by row; it fills a sixth of the picture."""
    rows = []
    for y in range(height):
        distance = [((x - width / 2) ** 2 + (y - height / 2) ** 2) ** 0.5 for x in range(width)]
        rows.append(bytes(70 if d < height * 0.27 else 170 for d in distance))
    return b"".join(rows)


def yuy2_frame(width, height):
    luma = drawn_lesion(width, height)
    frame = bytearray(2 * len(luma))
    frame[0::2] = luma
    frame[1::4] = bytes([118]) * (len(luma) // 2)
    frame[3::4] = bytes([146]) * (len(luma) // 2)
    return bytes(frame)


def nv12_frame(width, height):
    return drawn_lesion(width, height) + bytes([118, 146]) * (width * height // 4)


class Format:
    """One format of the camera with its only size, and the frames that it sends in turn."""

    def __init__(self, name, guid, bits, width, height, frames):
        self.name, self.guid, self.bits, self.width, self.height, self.frames = name, guid, bits, width, height, frames

    def descriptors(self, index):
        """Format and frame descriptor; 15 frames a second is the only rate."""
        largest = LARGEST if self.guid is None else len(self.frames[0])
        rate = largest * 8 * 15
        if self.guid is None:
            head = struct.pack("<BBBBBBBBBBB", 11, 0x24, 0x06, index, 1, 1, 1, 0, 0, 0, 0)
            kind = 0x07
        else:
            head = struct.pack("<BBBBB16sBBBBBB", 27, 0x24, 0x04, index, 1, self.guid, self.bits, 1, 0, 0, 0, 0)
            kind = 0x05
        frame = struct.pack(
            "<BBBBBHHIIIIBI", 30, 0x24, kind, 1, 0, self.width, self.height, rate, rate, largest, INTERVAL, 1, INTERVAL
        )
        return head + frame




class UsbCamera:
    """Not plugged in at first."""

    def __init__(self, formats):
        self.formats = formats
        self.lock = threading.Condition()
        self.kernel = None
        self.frozen = False
        self.replacement = None
        self.pending = []
        self.probe = self.settings(1)
        self.frames_sent = 0

    # ---- what a person does with it ----

    def plug(self):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with self.lock:
            self.kernel, self.pending, self.frozen, self.replacement = ours, [], False, None
        threading.Thread(target=self.serve, args=(ours,), daemon=True).start()
        threading.Thread(target=self.stream, args=(ours,), daemon=True).start()
        with open(ATTACH, "w") as file:
            file.write(f"{PORT} {theirs.fileno()} 1 {HIGH_SPEED}")
        theirs.close()

    def unplug(self):
        with open(DETACH, "w") as file:
            file.write(str(PORT))
        with self.lock:
            kernel, self.kernel = self.kernel, None
            self.lock.notify_all()
        kernel.close()

    def freeze(self):
        with self.lock:
            self.frozen = True

    def thaw(self):
        with self.lock:
            self.frozen = False
            self.lock.notify_all()

    def send_instead(self, frames):
        """Sends these frames in place of the format's own, as a faulty camera would; None ends that."""
        with self.lock:
            self.replacement = frames

    # ---- descriptors ----

    def settings(self, index):
        """Video probe and commit controls of a format."""
        chosen = self.formats[min(max(index, 1), len(self.formats)) - 1]
        largest = LARGEST if chosen.guid is None else len(chosen.frames[0])
        number = self.formats.index(chosen) + 1
        return struct.pack("<HBBI5HII", 1, number, 1, INTERVAL, 0, 0, 0, 0, 0, largest, PAYLOAD)

    def device_descriptor(self):
        return struct.pack("<BBHBBBBHHHBBBB", 18, 1, 0x0200, 0xEF, 2, 1, 64, 0x1209, 0xDE21, 0x0100, 1, 2, 3, 1)

    def configuration(self):
        # The camera's terminal, the one to the host, and a header before both.
        terminals = struct.pack("<BBBBHBBHHHB", 15, 0x24, 0x02, 1, 0x0201, 0, 0, 0, 0, 0, 0)
        terminals += struct.pack("<BBBBHBBB", 9, 0x24, 0x03, 2, 0x0101, 0, 1, 0)
        control = struct.pack("<BBBHHIBB", 13, 0x24, 0x01, 0x0100, 13 + len(terminals), 48_000_000, 1, 1) + terminals
        formats = b"".join(one.descriptors(index) for index, one in enumerate(self.formats, 1))
        colour = struct.pack("<BBBBBB", 6, 0x24, 0x0D, 1, 1, 4)
        count = len(self.formats)
        length = 13 + count
        total = length + len(formats) + len(colour)
        head = struct.pack("<BBBBHBBBBBBB", length, 0x24, 0x01, count, total, 0x80 | STREAM_ENDPOINT, 0, 2, 0, 0, 0, 1)
        head += bytes(count)
        body = struct.pack("<BBBBBBBB", 8, 0x0B, 0, 2, 0x0E, 0x03, 0, 2)
        body += struct.pack("<BBBBBBBBB", 9, 4, 0, 0, 0, 0x0E, 0x01, 0, 2) + control
        body += struct.pack("<BBBBBBBBB", 9, 4, 1, 0, 1, 0x0E, 0x02, 0, 0) + head + formats + colour
        body += struct.pack("<BBBBHB", 7, 5, 0x80 | STREAM_ENDPOINT, 2, 512, 0)
        return struct.pack("<BBHBBBBB", 9, 2, 9 + len(body), 2, 1, 0, 0x80, 250) + body

    def string(self, index):
        if index == 0:
            return bytes([4, 3, 0x09, 0x04])
        text = {1: "Dermaloupe tests", 2: "Test dermatoscope", 3: "0001"}[index].encode("utf-16-le")
        return bytes([2 + len(text), 3]) + text

    # ---- the wire ----

    def serve(self, kernel):
        """Answers the kernel's requests until it hangs up."""
        try:
            while True:
                command, number, _, direction, endpoint = HEADER.unpack(read(kernel, HEADER.size))
                rest = read(kernel, 28)
                if command == CMD_UNLINK:
                    self.unlink(kernel, number, struct.unpack(">I", rest[:4])[0])
                    continue
                _, length, _, packets, _, setup = SUBMIT.unpack(rest)
                data = read(kernel, length) if direction == 0 and length > 0 else b""
                if endpoint == STREAM_ENDPOINT:
                    with self.lock:
                        self.pending.append((number, length))
                        self.lock.notify_all()
                else:
                    answer = self.control(setup, data)
                    status = STALL if answer is None else 0
                    sent = (answer or b"")[:length] if direction else b""
                    self.give(kernel, number, status, sent, len(sent) if direction else len(data))
        except (OSError, EOFError):
            return

    def unlink(self, kernel, number, victim):
        with self.lock:
            known = [entry for entry in self.pending if entry[0] == victim]
            self.pending = [entry for entry in self.pending if entry[0] != victim]
            status = CONNECTION_RESET if known else 0
            kernel.sendall(HEADER.pack(RET_UNLINK, number, 0, 0, 0) + struct.pack(">i", status) + bytes(24))

    def give(self, kernel, number, status, data, length):
        with self.lock:
            kernel.sendall(HEADER.pack(RET_SUBMIT, number, 0, 0, 0)
                           + struct.pack(">iiiii8s", status, length, 0, 0, 0, bytes(8)) + data)

    def control(self, setup, data):
        """The answer to a control request; None is a stall."""
        kind, request, value, index, _ = struct.unpack("<BBHHH", setup)
        if (kind, request) == (0x80, 6):
            wanted, number = value >> 8, value & 0xFF
            if wanted == 1:
                return self.device_descriptor()
            if wanted == 2:
                return self.configuration()
            return self.string(number) if wanted == 3 and number <= 3 else None
        if kind & 0x60 == 0:
            # Status is two bytes of nothing; addresses, configurations and cleared halts are agreed to.
            return bytes(2) if kind & 0x80 else b""
        selector = value >> 8
        if index & 0xFF == 1 and selector in (1, 2):
            if request == 0x01:
                self.probe = self.settings(data[2])
                return b""
            return {0x85: struct.pack("<H", 26), 0x86: b"\x03"}.get(request, self.probe)
        return None

    def stream(self, kernel):
        """Sends frames at their rate to whoever has asked for them."""
        toggle, due = 0, time.monotonic()
        while True:
            with self.lock:
                while self.kernel is kernel and (self.frozen or not self.pending):
                    self.lock.wait()
                if self.kernel is not kernel:
                    return
                frames = self.replacement or self.formats[self.probe[2] - 1].frames
                frame = frames[self.frames_sent % len(frames)]
            time.sleep(max(0.0, due - time.monotonic()))
            due = max(due, time.monotonic() - 0.2) + INTERVAL / 1e7
            if not self.send(kernel, frame, toggle):
                return
            toggle ^= 1
            self.frames_sent += 1

    def send(self, kernel, frame, toggle):
        for start in range(0, len(frame), PAYLOAD - 2):
            piece = frame[start : start + PAYLOAD - 2]
            is_last = start + len(piece) == len(frame)
            with self.lock:
                while self.kernel is kernel and not self.pending:
                    self.lock.wait()
                if self.kernel is not kernel:
                    return False
                # Under one lock: a request that is answered can no longer be taken back.
                number, _ = self.pending.pop(0)
                data = bytes([2, 0x80 | toggle | (2 if is_last else 0)]) + piece
                try:
                    self.give(kernel, number, 0, data, len(data))
                except OSError:
                    return False
        return True


def read(kernel, count):
    """So many bytes, all of them."""
    parts = []
    while count:
        part = kernel.recv(min(count, 65536))
        if not part:
            raise EOFError
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
