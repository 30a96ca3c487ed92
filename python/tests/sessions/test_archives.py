"""Files of a sandbox as tar archives."""

import asyncio
import io
import tarfile

import pytest

from llm_sandbox import AsyncSandboxSession
from llm_sandbox.exceptions import SandboxFileError


def opened(archive):
    return tarfile.open(fileobj=io.BytesIO(archive))


def test_a_file_is_packed_exactly(session):
    content = bytes(range(256)) * 1000
    session.files.write("data.bin", content)
    session.run("import os; os.chmod('data.bin', 0o640); os.utime('data.bin', (1e9, 1e9))")
    archive, about = session.get_archive("data.bin")
    assert isinstance(archive, bytes)
    with opened(archive) as tar:
        [entry] = tar.getmembers()
        assert tar.extractfile(entry).read() == content
        assert (entry.name, entry.mode & 0o777, entry.uid, entry.gid) == ("data.bin", 0o640, 0, 0)
        assert entry.uname == entry.gname == ""
    assert (about["name"], about["size"], about["linkTarget"]) == ("data.bin", len(content), "")
    assert about["mode"] & 0o777 == 0o640 and about["mtime"] == 1_000_000_000


def test_a_directory_is_packed_with_all_below(session):
    session.files.write("tree/empty", b"")
    session.files.write("tree/ünï ✓/" + "n" * 200, b"long")
    session.files.make_directory("tree/bare")
    archive, about = session.get_archive("tree")
    with opened(archive) as tar:
        names = {entry.name: entry for entry in tar.getmembers()}
        assert set(names) == {"tree", "tree/empty", "tree/bare", "tree/ünï ✓", "tree/ünï ✓/" + "n" * 200}
        assert names["tree/empty"].size == 0 and names["tree/bare"].isdir()
        assert tar.extractfile("tree/ünï ✓/" + "n" * 200).read() == b"long"
    assert about["name"] == "tree"


@pytest.mark.parametrize(
    "path, name", [(".", "sandbox"), ("/sandbox", "sandbox"), ("./a/", "a"), ("/sandbox//a/", "a"), ("a", "a")]
)
def test_names_are_those_of_the_last_part(session, path, name):
    session.files.write("a/b", "x")
    archive, about = session.get_archive(path)
    assert about["name"] == name
    with opened(archive) as tar:
        assert tar.getnames()[0] == name


@pytest.mark.parametrize("target", ["/etc/passwd", "/etc", "../../../../etc/passwd", "/proc/self/environ"])
def test_a_link_to_the_hosts_files_leaks_nothing(session, target):
    session.run(f"import os; os.mkdir('d'); os.symlink({target!r}, 'd/link'); os.symlink({target!r}, 'link')")
    with opened(session.get_archive("d")[0]) as tar:
        entries = {entry.name: entry for entry in tar.getmembers()}
        assert set(entries) == {"d", "d/link"}
        assert entries["d/link"].issym() and entries["d/link"].linkname == target
    archive, about = session.get_archive("link")
    with opened(archive) as tar:
        [entry] = tar.getmembers()
        assert entry.issym() and entry.size == 0
    assert about["linkTarget"] == target and b"root:" not in archive


def test_a_link_that_changes_while_it_is_packed_leaks_nothing(session):
    code = """
import os
for _ in range(3000):
    try:
        os.rename("file", "away"); os.symlink("/etc/shadow", "file")
        os.remove("file"); os.rename("away", "file")
    except OSError:
        pass
"""
    from concurrent.futures import ThreadPoolExecutor

    session.files.write("d/file", b"mine")
    with ThreadPoolExecutor(1) as pool:
        juggling = pool.submit(session.run, code, workdir="d")
        while not juggling.done():
            try:
                archive, _ = session.get_archive("d")
            except OSError:
                continue
            assert b"root:" not in archive
        assert juggling.result().success(), juggling.result()


def test_special_files_are_no_hindrance(session):
    session.run("import os; os.mkdir('d'); os.mkfifo('d/pipe'); open('d/a', 'w').write('x'); os.link('d/a', 'd/b')")
    with opened(session.get_archive("d")[0]) as tar:
        assert tar.extractfile("d/a").read() == tar.extractfile("d/b").read() == b"x"


def test_archives_are_the_same_when_they_are_awaited():
    async def scenario():
        async with AsyncSandboxSession("native") as session:
            await session.files.write("f", b"\xff")
            ticks = 0

            async def tick():
                nonlocal ticks
                while True:
                    ticks += 1
                    await asyncio.sleep(0)

            ticking = asyncio.ensure_future(tick())
            archive, about = await session.get_archive("f")
            ticking.cancel()
            with opened(archive) as tar:
                assert tar.extractfile("f").read() == b"\xff"
            assert about["size"] == 1 and ticks > 1

    asyncio.run(scenario())


def test_what_is_packed_is_bounded_by_what_files_say_they_are(session):
    session.files.write("d/small", "x" * 9)
    session.run("open('d/sparse', 'w').truncate(300 << 20)")
    for path, max_bytes in [("d", None), ("d/sparse", None), ("d/small", 8)]:
        with pytest.raises(SandboxFileError, match="together, more than") as raised:
            session.get_archive(path, max_bytes=max_bytes)
        assert raised.value.problem == "too-large"
    assert session.get_archive("d/small", max_bytes=9)[1]["size"] == 9
