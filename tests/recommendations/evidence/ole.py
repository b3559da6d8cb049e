"""Writes a small compound file, the old container of Office and of Outlook messages."""

import struct

_SECTOR = 512
_FREE, _END, _FAT, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def ole_file(streams: dict[str, bytes]) -> bytes:
    """`{"folder/stream": content}`; folders are one deep. Short streams are padded."""
    folders = sorted({path.split("/")[0] for path in streams if "/" in path})
    entries: list[tuple[str, int, list[int], bytes]] = [("Root Entry", 5, [], b"")]
    for folder in folders:
        entries[0][2].append(len(entries))
        entries.append((folder, 1, [], b""))
    for path, content in streams.items():
        folder, _, name = path.rpartition("/")
        parent = next((i for i, entry in enumerate(entries) if folder and entry[0] == folder), 0)
        entries[parent][2].append(len(entries))
        entries.append((name, 2, [], content.ljust(4096, b"\0")))
    return _written(entries)


def _written(entries: list[tuple[str, int, list[int], bytes]]) -> bytes:
    directory_sectors = -(-len(entries) * 128 // _SECTOR)
    fat = [_FAT, *_chain(1, directory_sectors)]
    body, starts = b"", []
    for _, kind, _, content in entries:
        if kind != 2:
            starts.append(0 if kind == 1 else _END)
            continue
        sectors = -(-len(content) // _SECTOR)
        starts.append(len(fat))
        fat += _chain(len(fat), sectors)
        body += content.ljust(sectors * _SECTOR, b"\0")
    assert len(fat) <= 128, "one sector of the allocation table is enough for a test"
    table = struct.pack("<128I", *fat, *[_FREE] * (128 - len(fat)))
    return _header() + table + _directory(entries, starts, directory_sectors) + body


def _chain(start: int, count: int) -> list[int]:
    return [*range(start + 1, start + count), _END]


def _header() -> bytes:
    start = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    start += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0
    )
    return start + struct.pack("<109I", 0, *[_FREE] * 108)


def _directory(
    entries: list[tuple[str, int, list[int], bytes]], starts: list[int], sectors: int
) -> bytes:
    right = {
        child: following
        for _, _, children, _ in entries
        for child, following in zip(children, [*children[1:], _NONE], strict=False)
    }
    written = b""
    for number, (name, kind, children, content) in enumerate(entries):
        text = name.encode("utf-16-le") + b"\0\0"
        child = children[0] if children else _NONE
        links = (_NONE, right.get(number, _NONE), child)
        written += text.ljust(64, b"\0") + struct.pack("<HBB3I", len(text), kind, 1, *links)
        written += b"\0" * 36 + struct.pack("<IQ", starts[number], len(content))
    return written.ljust(sectors * _SECTOR, b"\0")
