"""The files in a sandbox, and copies of them."""

import asyncio
import os
import stat
from datetime import datetime, timezone
from pathlib import Path

import pytest

from llm_sandbox import AsyncSandboxSession
from llm_sandbox.exceptions import HostFileError, SandboxFileError, ValidationError

NAMES = ["plain", "with blank", "ünï-✓", "-dash", "quote'\"", "new\nline", "tab\t", "*", "\udcff raw", "x" * 255]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_a_name(session, name):
    session.files.write(name, b"content")
    assert session.files.read(name) == b"content"
    assert session.files.stat(name).size == 7
    assert session.files.exists(name)
    [found] = session.files.list()
    assert found.path == name
    session.files.remove(name)
    assert not session.files.exists(name) and session.files.list() == []


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\0", bytes(range(256)) * 5000, "text ü", bytearray(b"x"), memoryview(b"y")]
)
def test_contents_are_bytes(session, content):
    session.files.write("deep/er/file", content)
    expected = content.encode() if isinstance(content, str) else bytes(content)
    assert session.files.read("deep/er/file") == expected
    assert session.run("print(len(open('deep/er/file', 'rb').read()))").stdout == f"{len(expected)}\n"


def test_text_is_decoded_as_asked(session):
    session.files.write("latin", "ü".encode("latin-1"))
    with pytest.raises(UnicodeDecodeError):
        session.files.read_text("latin")
    assert session.files.read_text("latin", encoding="latin-1") == "ü"
    assert session.files.read_text("latin", errors="replace") == "\ufffd"
    session.files.write("utf", "ü")
    assert session.files.read_text("utf") == "ü"


def test_a_file_that_is_larger_than_wanted_is_refused(session):
    session.files.write("file", b"x" * 1000)
    assert len(session.files.read("file", 1000)) == 1000
    with pytest.raises(SandboxFileError) as refused:
        session.files.read("file", 999)
    assert refused.value.problem == "too-large" and refused.value.path == "/sandbox/file"
    session.run("open('hole', 'wb').truncate(300 << 20)")
    with pytest.raises(SandboxFileError, match="hole"):
        session.files.read("hole")
    assert session.run("print('it goes on')").success()


def test_a_full_disk_is_told_and_what_did_not_fit_is_gone(native):
    session = native(runtime_configs={"disk_limit": "4m"})
    with pytest.raises(SandboxFileError) as refused:
        session.files.write("large", b"x" * (16 << 20))
    assert refused.value.problem == "no-space"
    assert not session.files.exists("large")
    session.files.write("small", "x")


def test_what_is_absent_is_a_file_not_found_error(session):
    for use in (session.files.read, session.files.stat, session.files.remove, session.files.list, session.get_archive):
        with pytest.raises(FileNotFoundError) as refused:
            use("absent")
        assert isinstance(refused.value, SandboxFileError) and refused.value.problem == "not-found"
    assert session.files.exists("absent") is False
    with pytest.raises(FileNotFoundError):
        session.copy_from_runtime("absent", "/tmp/never")
    assert not os.path.exists("/tmp/never")


def test_errors_say_what_is_wrong(session):
    session.files.make_directory("directory/inner")
    for use, problem in [
        (lambda: session.files.read("directory"), "wrong-kind"),
        (lambda: session.files.list("directory/inner/../../main.py/x"), None),
        (lambda: session.files.write("/etc/x", "x"), "permission-denied"),
        (lambda: session.files.remove("/etc/passwd"), None),
        (lambda: session.files.remove("directory"), None),
    ]:
        with pytest.raises((SandboxFileError, ValidationError)) as refused:
            use()
        assert problem is None or refused.value.problem == problem, refused.value
    session.files.remove("directory", recursive=True)
    assert session.files.list() == []


def test_directories_are_listed_sorted_and_with_all_below(session):
    for name in ("b/two", "b/one", "a"):
        session.files.write(name, name)
    assert [each.path for each in session.files.list()] == ["a", "b"]
    assert [each.path for each in session.files.list(recursive=True)] == ["a", "b", "b/one", "b/two"]
    assert [each.kind for each in session.files.list()] == ["file", "directory"]
    assert [each.path for each in session.files.list("b")] == ["one", "two"]


def test_a_link_is_described_and_not_followed(session):
    session.run("import os; os.symlink('/etc/passwd', 'link'); os.symlink('nowhere', 'dangling')")
    link = session.files.stat("link")
    assert (link.kind, link.target) == ("link", "/etc/passwd")
    assert session.files.exists("dangling")
    assert {each.path: each.target for each in session.files.list()}["dangling"] == "nowhere"
    session.files.remove("link")
    assert session.run("import os; print(os.path.exists('/etc/passwd'))").stdout == "True\n"


def test_modes_and_times_are_those_of_the_file(session):
    session.run("import os; open('f', 'w').write('x'); os.chmod('f', 0o640); os.utime('f', (1e9, 1e9))")
    found = session.files.stat("f")
    assert stat.S_IMODE(found.mode) == 0o640
    assert found.modified == datetime.fromtimestamp(1e9, tz=timezone.utc)


@pytest.mark.parametrize("seconds", [-5, -(2**33), 2**33, 2**40, 2**62])
def test_times_that_code_makes_up_do_no_harm(session, seconds):
    session.run(f"import os; open('f', 'w').close(); os.utime('f', ({seconds}, {seconds}))")
    assert session.files.stat("f").size == 0
    assert [each.path for each in session.files.list()] == ["f", "main.py"]
    assert session.get_archive("f")[1]["name"] == "f"


def test_pipes_and_loops_do_no_harm(session, tmp_path):
    code = "import os; os.mkdir('d'); os.mkfifo('d/pipe'); os.symlink('.', 'd/loop'); open('d/file', 'w').write('x')"
    assert session.run(code).success()
    kinds = {each.path: each.kind for each in session.files.list("d", recursive=True)}
    assert kinds == {"file": "file", "loop": "link", "pipe": "other"}
    session.copy_from_runtime("d", tmp_path / "copy")
    assert (tmp_path / "copy" / "file").read_text() == "x"
    with pytest.raises(SandboxFileError):
        session.files.read("d/pipe")


def test_files_are_copied_in_and_out(session, tmp_path):
    (tmp_path / "ünï").write_bytes(b"\xff\0")
    session.copy_to_runtime(str(tmp_path / "ünï"), "in/copy")
    assert session.files.read("in/copy") == b"\xff\0"
    session.copy_from_runtime("in/copy", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"\xff\0"
    session.files.upload(tmp_path / "out", "again")
    session.files.download("again", str(tmp_path / "last"))
    assert (tmp_path / "last").read_bytes() == b"\xff\0"


def test_directories_are_copied_in_and_out(session, tmp_path):
    tree = tmp_path / "tree"
    (tree / "inner" / "empty").mkdir(parents=True)
    (tree / "inner" / "file").write_text("x")
    (tree / "program").write_text("#!/bin/sh\necho ran\n")
    (tree / "program").chmod(0o755)
    session.copy_to_runtime(tree, "tree")
    assert session.execute_command("tree/program").stdout == "ran\n"
    session.run("open('tree/made', 'w').write('y')")
    session.copy_from_runtime("tree", tmp_path / "back")
    back = {str(path.relative_to(tmp_path / "back")) for path in (tmp_path / "back").rglob("*")}
    assert back == {"inner", "inner/empty", "inner/file", "made", "program"}
    assert os.access(tmp_path / "back" / "program", os.X_OK)


def test_a_home_directory_is_understood(session, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    session.files.write("file", "x")
    session.copy_from_runtime("file", "~/copy")
    assert (tmp_path / "copy").read_text() == "x"


def test_what_is_absent_on_the_host_is_a_file_not_found_error(session, tmp_path):
    with pytest.raises(FileNotFoundError) as refused:
        session.copy_to_runtime(tmp_path / "absent", "x")
    assert isinstance(refused.value, HostFileError) and str(tmp_path) in str(refused.value)
    session.files.write("file", "x")
    with pytest.raises(HostFileError):
        session.copy_from_runtime("file", tmp_path / "absent" / "directory" / "file" if os.geteuid() else "/proc/x")


def test_a_link_in_the_sandbox_takes_nothing_of_the_hosts(session, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("of the host")
    session.run(f"import os; os.mkdir('d'); os.symlink({str(secret)!r}, 'd/link'); os.symlink('/', 'd/root')")
    session.copy_from_runtime("d", tmp_path / "copy")
    copied = tmp_path / "copy"
    assert all(path.is_symlink() or not path.is_file() for path in copied.iterdir())
    assert not any(
        b"of the host" in path.read_bytes() for path in copied.iterdir() if path.is_file() and not path.is_symlink()
    )


def test_files_are_the_same_when_they_are_awaited(tmp_path):
    async def scenario():
        async with AsyncSandboxSession("native") as session:
            files = session.files
            for name in NAMES:
                await files.write(name, b"\xff" + os.fsencode(name))
            contents = await asyncio.gather(*(files.read(name) for name in NAMES))
            assert contents == [b"\xff" + os.fsencode(name) for name in NAMES]
            assert sorted(each.path for each in await files.list()) == sorted(NAMES)
            await files.make_directory("a/b")
            await files.write("a/b/c", "text ü")
            assert await files.read_text("a/b/c") == "text ü"
            assert [each.path for each in await files.list("a", recursive=True)] == ["b", "b/c"]
            assert (await files.stat("a/b/c")).size == 7
            await files.remove("a", recursive=True)
            assert await files.exists("a") is False and await files.exists("plain") is True
            for use in (files.read, files.stat, files.remove, files.list, session.get_archive):
                with pytest.raises(FileNotFoundError):
                    await use("absent")
            with pytest.raises(SandboxFileError, match="plain"):
                await files.read("plain", 1)
            await files.download("plain", tmp_path / "plain")
            await files.upload(tmp_path / "plain", "again")
            await session.copy_to_runtime(tmp_path / "plain", "third")
            await session.copy_from_runtime("third", tmp_path / "third")
            assert (tmp_path / "third").read_bytes() == await files.read("again")

    asyncio.run(scenario())


def test_a_path_may_be_an_object_of_pathlib(session):
    session.files.write(Path("a") / "b", "x")
    assert session.files.read(Path("/sandbox/a/b")) == b"x"


def test_what_cannot_be_there_is_not_there(session):
    session.files.write("file", "x")
    assert not session.files.exists("file/below")
    assert not session.files.exists("a" * 300)


def test_what_is_left_out_of_a_copy_is_told(session, tmp_path, caplog):
    (tmp_path / "up").mkdir()
    (tmp_path / "up" / "kept").write_text("x")
    (tmp_path / "up" / "outside").symlink_to("/etc/hostname")
    os.mkfifo(tmp_path / "up" / "pipe")
    assert sorted(session.files.upload(tmp_path / "up", "a")) == ["outside", "pipe"]
    session.copy_to_runtime(tmp_path / "up", "b")
    assert "was copied without" in caplog.text and "outside" in caplog.text and "pipe" in caplog.text
    caplog.clear()
    session.run("import os; os.symlink('/etc/passwd', 'b/link')")
    assert session.files.download("b", tmp_path / "down") == ("link",)
    session.copy_from_runtime("b", tmp_path / "again")
    assert "b was copied without link" in caplog.text


def test_directories_above_a_copy_are_made_and_only_then(session, tmp_path):
    session.files.write("file", "x")
    session.copy_from_runtime("file", tmp_path / "new" / "newer" / "file")
    assert (tmp_path / "new" / "newer" / "file").read_text() == "x"
    with pytest.raises(FileNotFoundError):
        session.copy_from_runtime("absent", tmp_path / "never" / "file")
    assert not (tmp_path / "never").exists()


def test_directories_above_a_copy_are_made_in_an_event_loop(tmp_path):
    async def main():
        async with AsyncSandboxSession("native") as session:
            await session.files.write("file", "x")
            await session.copy_from_runtime("file", tmp_path / "new" / "file")

    asyncio.run(main())
    assert (tmp_path / "new" / "file").read_text() == "x"
