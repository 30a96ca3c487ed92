"""Plots that are taken out of a sandbox which is not trusted."""

import base64
import io
import logging
import random
import tarfile

import pytest

from llm_sandbox._archive import BrokenArchiveError, bytes_of, regular_files
from llm_sandbox.data import FileType
from llm_sandbox.exceptions import SandboxFileNotFoundError
from llm_sandbox.language_handlers import ContainerProtocol, LanguageHandlerFactory

PYTHON = LanguageHandlerFactory.create_handler("python")


def archive_of(*files, form=tarfile.PAX_FORMAT, **attributes):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for name, content in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            for attribute, value in attributes.items():
                setattr(entry, attribute, value)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


class Container:
    """A session that has an archive."""

    def __init__(self, archive):
        self.archive = archive
        self.calls = []

    def execute_command(self, command, workdir=None):
        raise AssertionError("nothing has to be run for that")

    def get_archive(self, path):
        self.calls.append(("get_archive", path))
        if isinstance(self.archive, Exception):
            raise self.archive
        return self.archive, {"name": path}

    def run(self, code, libraries=None, **keywords):
        self.calls.append(("run", code, libraries, keywords))
        return "result"


def plots_in(archive):
    return PYTHON.extract_plots(Container(archive), "/plots")


def test_plots_are_taken_in_the_order_of_their_names():
    files = [
        ("plots/2.svg", b"<svg/>"),
        ("plots/1.PNG", b"one"),
        ("plots/3.jpg", b"j"),
        ("plots/é.html", b""),
        ("4.pdf", b"%"),
    ]
    plots = plots_in(archive_of(*files))
    assert [plot.format for plot in plots] == [FileType.PDF, FileType.PNG, FileType.SVG, FileType.JPEG, FileType.HTML]
    assert base64.b64decode(plots[1].content_base64) == b"one"


@pytest.mark.parametrize("name", ["x.exe", "x", ".counter", "png", "x.txt", "x.csv", "x.json", "x.png.gz", "plots/"])
def test_only_pictures_are_taken(name):
    assert plots_in(archive_of((name, b"x"))) == []


@pytest.mark.parametrize("name", ["../../x.png", "/etc/x.png", "a/" * 200 + "x.png", "é" * 200 + ".png", "a\nb.png"])
@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_names_are_no_paths(name, form):
    (plot,) = plots_in(archive_of((name, b"x"), form=form))
    assert plot.content_base64 == "eA=="


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE])
def test_only_regular_files_are_taken(kind):
    assert plots_in(archive_of(("x.png", b""), type=kind, linkname="/etc/passwd")) == []


def test_sparse_files_are_passed_over():
    sparse = archive_of(("x.png", b"x"), pax_headers={"GNU.sparse.size": "99999999999", "GNU.sparse.map": "0,1"})
    assert plots_in(sparse) == []


@pytest.mark.parametrize(
    "pieces", [lambda whole: whole, bytearray, memoryview, lambda whole: [whole[:700], whole[700:]]]
)
def test_archives_come_whole_or_in_pieces(pieces):
    assert len(plots_in(pieces(archive_of(("1.png", b"x"), ("2.png", b"y"))))) == 2
    assert len(plots_in(iter([archive_of(("1.png", b"x"))]))) == 1


@pytest.mark.parametrize("error", [FileNotFoundError("x"), SandboxFileNotFoundError("x", path="/plots")])
def test_where_there_is_no_directory_there_are_no_plots(error):
    assert plots_in(error) == []


@pytest.mark.parametrize("archive", [b"", b"\0" * 1024, b"x", b"garbage" * 1000, archive_of()])
def test_what_is_no_archive_has_no_plots(archive):
    assert plots_in(archive) == []


def test_other_failures_are_not_hidden():
    with pytest.raises(OSError, match="gone"):
        plots_in(OSError("gone"))


def test_what_was_read_before_an_archive_breaks_is_kept(caplog):
    whole = archive_of(("1.png", b"x"), ("2.png", b"y" * 5000))
    with caplog.at_level(logging.WARNING):
        assert len(plots_in(whole[:3000])) == 1
    assert "ends within a file" in caplog.text


def test_there_are_at_most_a_thousand_plots():
    assert len(plots_in(archive_of(*[(f"{number}.png", b"") for number in range(1500)]))) == 1000


def test_any_damage_is_survived():
    chance = random.Random(7)
    whole = bytearray(archive_of(("a" * 150 + ".png", b"x" * 700), ("2.svg", b"y")))
    for _ in range(2000):
        damaged = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        for plot in plots_in(bytes(damaged[: chance.randrange(len(damaged) + 1)])):
            base64.b64decode(plot.content_base64, validate=True)


def test_sizes_that_lie_are_refused():
    header = bytearray(archive_of(("1.png", b"x"))[:512])
    header[124:136] = b"77777777777\0"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    with pytest.raises(BrokenArchiveError, match="ends within a file"):
        list(regular_files(bytes(header)))


def test_archives_that_are_too_large_are_not_kept():
    with pytest.raises(BrokenArchiveError, match="larger than 10 bytes"):
        bytes_of((b"x" * 4 for _ in range(10**9)), at_most=10)


def test_a_run_with_its_plots():
    container = Container(archive_of(("1.png", b"x")))
    result, plots = PYTHON.run_with_artifacts(container, "code", ["numpy"], timeout=7, on_stdout=print)
    assert (result, len(plots)) == ("result", 1)
    assert container.calls == [
        ("run", "code", ["numpy"], {"timeout": 7, "on_stdout": print}),
        ("get_archive", "/tmp/sandbox_plots"),
    ]


@pytest.mark.parametrize(("language", "enable"), [("python", False), ("java", True), ("go", True)])
def test_a_run_without_plots(language, enable):
    container = Container(AssertionError("nobody asked"))
    made = LanguageHandlerFactory.create_handler(language)
    assert made.run_with_artifacts(container, "code", enable_plotting=enable) == ("result", [])
    assert container.calls == [("run", "code", None, {"timeout": 30})]


def test_a_session_is_known_by_what_it_can_do():
    assert isinstance(Container(b""), ContainerProtocol)
    assert not isinstance(object(), ContainerProtocol)
