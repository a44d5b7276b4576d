import json
import os
import stat
import subprocess
import sys
from pathlib import Path

from api.access.audit import AuditLog


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_line_says_what_happened(tmp_path: Path) -> None:
    AuditLog(tmp_path, 10_000).note("write-done", key="abc", changed=["ä\n"])

    path = tmp_path / "access" / "audit.jsonl"
    [line] = lines(path)
    assert (line["event"], line["key"], line["changed"]) == ("write-done", "abc", ["ä\n"])
    assert str(line["at"]).endswith("+00:00")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_full_file_is_kept_beside(tmp_path: Path) -> None:
    log = AuditLog(tmp_path, 300)
    for number in range(200):
        log.note("x", number=number)

    folder = tmp_path / "access"
    files = sorted(folder.glob("audit.jsonl*"))
    assert len(files) == 10
    assert all(path.stat().st_size <= 300 for path in files)
    newest = lines(folder / "audit.jsonl")
    before = lines(folder / "audit.jsonl.1")
    assert newest[-1]["number"] == 199
    assert before[-1]["number"] == int(str(newest[0]["number"])) - 1


_WRITING = """
import sys
from pathlib import Path
from api.access.audit import AuditLog
log = AuditLog(Path(sys.argv[1]), 2000)
for number in range(100):
    log.note("x", who=sys.argv[2], number=number, text="y" * 50)
"""


def test_processes_do_not_cut_each_others_lines(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", _WRITING, str(tmp_path), who], env=dict(os.environ)
        )
        for who in "ab"
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]

    found = [one for path in (tmp_path / "access").glob("audit.jsonl*") for one in lines(path)]
    assert len(found) > 100
    for who in "ab":
        numbers = sorted(int(str(one["number"])) for one in found if one["who"] == who)
        assert numbers == list(range(numbers[0], 100))  # what is left is without holes
