"""Output that is not UTF-8."""

import asyncio

import pytest

from llm_sandbox import AsyncSandboxSession, SandboxTimeoutError, ValidationError
from llm_sandbox.native import SandboxNativeSession

MODES = ["strict", "replace", "ignore", "surrogateescape", "backslashreplace", "xmlcharrefreplace"]
SAID = b"a\xffb\xe2\x82\xacc\xe2\x82"  # a broken byte, a whole character, and one that ends too early
EXPECTED = {
    "replace": "a\ufffdb€c\ufffd",
    "ignore": "ab€c",
    "surrogateescape": "a\udcffb€c\udce2\udc82",
    "backslashreplace": "a\\xffb€c\\xe2\\x82",
    "xmlcharrefreplace": "a&#255;b€c&#226;&#130;",
}
AT_ONCE = f"import os; os.write(1, {SAID!r}); os.write(2, {SAID!r})"
BYTE_BY_BYTE = f"""
import os, time
for byte in {SAID!r}:
    os.write(1, bytes([byte])); os.write(2, bytes([byte]))
    time.sleep(0.01)
"""


@pytest.mark.parametrize("code", [AT_ONCE, BYTE_BY_BYTE], ids=["at once", "byte by byte"])
@pytest.mark.parametrize("mode", EXPECTED)
def test_broken_output_is_what_the_mode_says(native, mode, code):
    session = native(encoding_errors=mode)
    output = session.run(code)
    assert (output.stdout, output.stderr) == (EXPECTED[mode],) * 2
    out, err = [], []
    output = session.run(code, on_stdout=out.append, on_stderr=err.append)
    assert "".join(out) == "".join(err) == output.stdout == output.stderr == EXPECTED[mode]


@pytest.mark.parametrize("code", [AT_ONCE, BYTE_BY_BYTE], ids=["at once", "byte by byte"])
def test_strict_raises_and_the_session_works_on(session, code):
    with pytest.raises(UnicodeDecodeError):
        session.run(code)
    pieces = []
    with pytest.raises(UnicodeDecodeError):
        session.run(code + "\nwhile True: pass", on_stdout=pieces.append)
    assert "".join(pieces) in ("", "a")
    assert session.info["runs_live"] == 0
    assert session.run("print('on')").stdout == "on\n"


@pytest.mark.parametrize("mode", MODES)
def test_whole_output_is_the_same_in_all_modes(native, mode):
    text = "ü✓😀\0\u2028\r\n" * 1000
    session = native(encoding_errors=mode)
    code = f"import sys; sys.stdout.buffer.write({text!r}.encode())"
    pieces = []
    assert session.run(code).stdout == session.run(code, on_stdout=pieces.append).stdout == "".join(pieces) == text


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shift", range(4))
def test_a_cap_that_cuts_a_character_breaks_nothing(native, mode, shift):
    session = native(encoding_errors=mode, runtime_configs={"output_limit": 1000})
    output = session.run(f"import sys; sys.stdout.buffer.write(b'x' * {shift} + '😀'.encode() * 1000)")
    head, _, tail = output.stdout.partition(f"\n[{output.stdout_truncated} bytes omitted]\n")
    assert head.strip("x") and set(head.strip("x")) == set(tail) == {"😀"}
    assert output.stdout_truncated == 4000 + shift - 1000


def test_the_bytes_that_an_escape_stands_for_can_be_had_back(native):
    session = native(encoding_errors="surrogateescape")
    data = bytes(range(256))
    stdout = session.run(f"import os; os.write(1, {data!r})").stdout
    assert stdout.encode("utf-8", "surrogateescape") == data
    assert (
        session.run("import os, sys; print(len(os.fsencode(sys.argv[1])))", args=[stdout.replace("\0", "")]).stdout
        == "255\n"
    )


def test_modes_hold_in_event_loops():
    async def scenario(mode):
        async with AsyncSandboxSession("native", encoding_errors=mode) as session:
            pieces = []
            output = await session.run(BYTE_BY_BYTE, on_stdout=pieces.append)
            assert "".join(pieces) == output.stdout == EXPECTED[mode]

    for mode in EXPECTED:
        asyncio.run(scenario(mode))

    async def strict():
        async with AsyncSandboxSession("native") as session:
            with pytest.raises(UnicodeDecodeError):
                await session.run(AT_ONCE + "\nwhile True: pass", on_stdout=str)
            assert (await session.info())["runs_live"] == 0
            assert (await session.run("print('on')")).stdout == "on\n"

    asyncio.run(strict())


@pytest.mark.parametrize("mode", ["Strict", "nonsense", 5, "namereplace"])
def test_other_modes_are_refused(mode):
    with pytest.raises(ValidationError, match="encoding_errors"):
        SandboxNativeSession(encoding_errors=mode)


HALF = "'aé'.encode()[:2]"


@pytest.mark.parametrize("on_stdout", [None, str], ids=["at the end", "as it comes"])
def test_a_character_that_the_end_of_a_run_cuts_is_no_error(session, on_stdout):
    code = f"import os, signal; os.write(1, {HALF}); os.kill(os.getpid(), signal.SIGKILL)"
    output = session.run(code, on_stdout=on_stdout)
    assert (output.stdout, output.outcome.signal) == ("a", 9)


@pytest.mark.parametrize("said", [HALF, "b'a\\xff'"], ids=["a cut character", "a broken byte"])
def test_output_does_not_hide_that_the_time_is_up(session, said):
    with pytest.raises(SandboxTimeoutError) as raised:
        session.run(f"import os; os.write(1, {said})\nwhile True: pass", timeout=0.5)
    assert raised.value.result.stdout == "a\ufffd"


def test_a_cut_character_in_an_event_loop():
    async def main():
        async with AsyncSandboxSession("native") as session:
            code = f"import os, signal; os.write(1, {HALF}); os.kill(os.getpid(), signal.SIGKILL)"
            return (await session.run(code, on_stdout=str)).stdout

    assert asyncio.run(main()) == "a"
