"""A disk that power can be cut from, and that can be full: a layer below SQLite, between it and the files (a “VFS”).

Every write goes to the file as always, and is remembered; only when SQLite asks for it to be on the disk (xSync) does it
reach the *platter*, a second file beside. What is on the platters when the process dies is what a power cut leaves at worst:
everything not synced is lost. `torn` keeps a part of it, for a disk writes in the order it likes.

Uses the SQLite that Python itself uses; see https://sqlite.org/vfs.html for the structures.
"""

import _sqlite3
import ctypes
import os
import random
import shutil
import sqlite3
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p, sizeof
from pathlib import Path
from typing import Any

PLATTER = ".platter"
BLOCK = 4096
OK, FULL = 0, 13  # result codes of SQLite
WRITE, TRUNCATE, SYNC = 2, 3, 4  # their places among the functions of a file
assert sqlite3.sqlite_version_info >= (3, 7)


class Methods(Structure):
    """sqlite3_io_methods: its version, then eighteen functions."""

    _fields_ = [("version", c_int), ("functions", c_void_p * 18)]


class File(Structure):
    """sqlite3_file: whatever follows belongs to the system's own layer."""

    _fields_ = [("methods", POINTER(Methods))]


class Vfs(Structure):
    """sqlite3_vfs."""

    _fields_ = [
        ("version", c_int), ("file_size", c_int), ("longest_name", c_int), ("next", c_void_p),
        ("name", c_char_p), ("app", c_void_p), ("functions", c_void_p * 16),
    ]  # fmt: skip


_Open = CFUNCTYPE(c_int, POINTER(Vfs), c_void_p, POINTER(File), c_int, c_void_p)
_Delete = CFUNCTYPE(c_int, POINTER(Vfs), c_char_p, c_int)
_Write = CFUNCTYPE(c_int, POINTER(File), c_void_p, c_int, c_int64)
_Truncate = CFUNCTYPE(c_int, POINTER(File), c_int64)
_Sync = CFUNCTYPE(c_int, POINTER(File), c_int)


class Disk:
    """Stands below every database that this process opens from now on. `room` is how many bytes it still takes."""

    def __init__(self, room: int | None = None) -> None:
        self.room = room
        self._names: dict[int, str] = {}
        self._pending: dict[str, list[tuple[int, bytes | None]]] = {}
        self._kept: list[Any] = []  # what C holds must not be collected
        self._methods: dict[int, tuple[Methods, tuple[Any, ...]]] = {}
        library = ctypes.CDLL(_sqlite3.__file__)
        library.sqlite3_vfs_find.restype = POINTER(Vfs)
        self._below = library.sqlite3_vfs_find(None)
        ours = Vfs()
        ctypes.memmove(ctypes.byref(ours), self._below, sizeof(Vfs))
        ours.name = b"shuxiang-test-disk"
        functions = self._below.contents.functions
        self._open, self._delete = _Open(functions[0]), _Delete(functions[1])
        mine = (_Open(self._opened), _Delete(self._deleted))
        ours.functions[0] = ctypes.cast(mine[0], c_void_p).value
        ours.functions[1] = ctypes.cast(mine[1], c_void_p).value
        self._kept += [ours, mine]
        assert library.sqlite3_vfs_register(ctypes.byref(ours), 1) == OK

    def _opened(self, _vfs: Any, name: int | None, file: Any, flags: int, out: Any) -> int:
        found = self._open(self._below, name, file, flags, out)
        path = ctypes.string_at(name).decode() if name else ""
        if found == OK and path.endswith((".sqlite3", "-wal")):
            address = ctypes.addressof(file.contents)
            self._names[address] = path
            if not Path(path + PLATTER).exists():  # what was there before this process is on the platter
                shutil.copyfile(path, path + PLATTER)
            below = file.contents.methods
            where = ctypes.addressof(below.contents)
            if where not in self._methods:
                self._methods[where] = self._wrapped(below.contents)
            file.contents.methods = ctypes.pointer(self._methods[where][0])
        return int(found)

    def _wrapped(self, below: Methods) -> tuple[Methods, tuple[Any, ...]]:
        ours = Methods()
        ctypes.memmove(ctypes.byref(ours), ctypes.byref(below), sizeof(Methods))
        write, truncate, sync = (
            _Write(below.functions[WRITE]),
            _Truncate(below.functions[TRUNCATE]),
            _Sync(below.functions[SYNC]),
        )

        def written(file: Any, data: int, size: int, at: int) -> int:
            if self.room is not None:
                if size > self.room:
                    return FULL
                self.room -= size
            self._remember(file, at, ctypes.string_at(data, size))
            return int(write(file, data, size, at))

        def truncated(file: Any, size: int) -> int:
            self._remember(file, size, None)
            return int(truncate(file, size))

        def synced(file: Any, flags: int) -> int:
            found = int(sync(file, flags))
            self._to_platter(self._names[ctypes.addressof(file.contents)])
            return found

        mine = (_Write(written), _Truncate(truncated), _Sync(synced))
        for place, function in zip((WRITE, TRUNCATE, SYNC), mine, strict=True):
            ours.functions[place] = ctypes.cast(function, c_void_p).value
        return ours, (*mine, write, truncate, sync)

    def _remember(self, file: Any, at: int, data: bytes | None) -> None:
        self._pending.setdefault(self._names[ctypes.addressof(file.contents)], []).append((at, data))

    def _to_platter(self, path: str) -> None:
        with open(os.open(path + PLATTER, os.O_RDWR | os.O_CREAT), "rb+") as platter:  # noqa: PTH123  by its handle
            for at, data in self._pending.pop(path, []):
                if data is None:
                    platter.truncate(at)
                else:
                    platter.seek(at)
                    platter.write(data)

    def _deleted(self, _vfs: Any, name: bytes, sync: int) -> int:
        path = name.decode()
        self._pending.pop(path, None)
        Path(path + PLATTER).unlink(missing_ok=True)
        return int(self._delete(self._below, name, sync))


def after_power_cut(home: Path, target: Path, *, torn: random.Random | None = None) -> Path:
    """The data folder as it is when power comes back: what was synced, and with `torn` some blocks of what was not."""
    shutil.copytree(
        home, target, ignore=shutil.ignore_patterns("*.platter", "*-wal", "*-shm", "shuxiang.sqlite3")
    )
    for platter in home.glob(f"*{PLATTER}"):
        name = platter.name.removesuffix(PLATTER)
        content = bytearray(platter.read_bytes())
        if torn is not None and (home / name).exists():
            whole = (home / name).read_bytes()
            for at in range(0, len(whole), BLOCK):
                if torn.random() < 0.5:
                    content[at : at + BLOCK] = whole[at : at + BLOCK].ljust(
                        min(BLOCK, len(content) - at), b"\0"
                    )
        (target / name).write_bytes(content)
    return target
