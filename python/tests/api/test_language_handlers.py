"""Languages: how their files are run, their libraries installed and their code read."""

import logging
import re
import shlex
from concurrent.futures import ThreadPoolExecutor

import pytest

from llm_sandbox import language_handlers
from llm_sandbox._checks import shown
from llm_sandbox.const import SupportedLanguage
from llm_sandbox.exceptions import LanguageNotSupportedError, PackageManagerError, ValidationError
from llm_sandbox.language_handlers import (
    AbstractLanguageHandler,
    LanguageConfig,
    LanguageHandlerFactory,
    PlotLibrary,
    PythonHandler,
    RuntimeContext,
)

LANGUAGES = [language.value for language in SupportedLanguage]
CONTEXT = RuntimeContext("/work dir", "/venv/bin/python", "/venv/bin/pip", "/cache dir")


class Klingon(AbstractLanguageHandler):
    """A language of a user, which has patterns alone."""

    def __init__(self, logger=None):
        super().__init__(logger)
        self.config = LanguageConfig("klingon", "kl", ["first {file}", "then {file} {other}"], None)

    def get_import_patterns(self, module):
        return f"use {module}"

    @staticmethod
    def get_multiline_comment_patterns():
        return r"<[\s\S]*?>"

    @staticmethod
    def get_inline_comment_patterns():
        return "--.*$"


@pytest.fixture
def registry(monkeypatch):
    monkeypatch.setattr(LanguageHandlerFactory, "_handlers", dict(LanguageHandlerFactory._handlers))
    return LanguageHandlerFactory


def handler(language):
    return LanguageHandlerFactory.create_handler(language)


@pytest.mark.parametrize(
    ("language", "extension", "commands"),
    [
        ("python", "py", ["python /sandbox/x"]),
        ("javascript", "js", ["node /sandbox/x"]),
        ("java", "java", ["java /sandbox/x"]),
        ("cpp", "cpp", ["g++ -std=c++17 -o /tmp/a.out /sandbox/x", "/tmp/a.out"]),
        ("go", "go", ["go run /sandbox/x"]),
        ("ruby", "rb", ["ruby /sandbox/x"]),
        ("r", "R", ["Rscript /sandbox/x"]),
    ],
)
def test_commands_that_run_a_file(language, extension, commands):
    made = handler(language)
    assert (made.name, made.file_extension) == (language, extension)
    assert made.get_execution_commands("/sandbox/x") == commands


def test_commands_use_what_the_context_names():
    assert handler("python").get_execution_commands("/x", CONTEXT) == ["/venv/bin/python /x"]
    assert handler("python").get_execution_commands("/x", RuntimeContext("/w")) == ["python /x"]
    compile_it, run_it = handler("cpp").get_execution_commands("/x", CONTEXT)
    assert shlex.split(compile_it)[2:] == ["-o", "/work dir/a.out", "/x"]
    assert shlex.split(run_it) == ["/work dir/a.out"]


@pytest.mark.parametrize("path", ["/a b", "/a;reboot", "/$(x)", "/'", "/é\n", "/{file}", "/{0}", "-rf", "--version"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("context", [None, CONTEXT])
def test_paths_are_one_word_and_no_option(language, path, context):
    words = shlex.split(handler(language).get_execution_commands(path, context)[0])
    assert words[-1] == (f"./{path}" if path.startswith("-") else path)


@pytest.mark.parametrize(
    ("language", "command"),
    [
        ("python", "pip install 'numpy>=1'"),
        ("javascript", "npm install 'numpy>=1'"),
        ("java", "mvn dependency:get '-Dartifact=numpy>=1'"),
        ("cpp", "apt-get install --yes 'numpy>=1'"),
        ("go", "go get 'numpy>=1'"),
        ("ruby", "gem install 'numpy>=1'"),
        ("r", """Rscript -e 'install.packages("numpy>=1", repos="https://cloud.r-project.org")'"""),
    ],
)
def test_commands_that_install_a_library(language, command):
    assert handler(language).get_library_installation_command("numpy>=1") == command


def test_installing_uses_what_the_context_names():
    install = handler("python").get_library_installation_command
    assert install("x", CONTEXT) == "/venv/bin/pip install x --cache-dir '/cache dir'"
    assert install("x", RuntimeContext("/w", "/p")) == "/p -m pip install x"
    assert install("x", RuntimeContext("/w")) == "pip install x"
    command = handler("cpp").get_library_installation_command("x", CONTEXT)
    assert shlex.split(command)[-2:] == ["-o", "Dir::Cache=/work dir/apt-cache"]


@pytest.mark.parametrize(
    "library", ["a;reboot", "$(x)", "`x`", "a b", "it's", 'a"); system("x', "é", "\\", "a" * 10_000]
)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("context", [None, CONTEXT])
def test_libraries_are_one_word(language, library, context):
    plain = shlex.split(handler(language).get_library_installation_command("NAME", context))
    words = shlex.split(handler(language).get_library_installation_command(library, context))
    escaped = library.replace("\\", r"\\").replace('"', r"\"") if language == "r" else library
    assert words == [word.replace("NAME", escaped) for word in plain]


@pytest.mark.parametrize("library", ["", " ", "-r x", "--index-url=http://x", "a\nb", "a\0", None, 3, b"x", ["x"]])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_library_is_refused(language, library):
    with pytest.raises(ValidationError, match="is not the name of a library"):
        handler(language).get_library_installation_command(library)


def test_a_language_without_a_package_manager_says_so():
    with pytest.raises(PackageManagerError, match="Package manager klingon not found"):
        Klingon().get_library_installation_command("x")


def test_only_their_own_place_in_a_command_is_filled():
    assert Klingon().get_execution_commands("f") == ["first f", "then f {other}"]


@pytest.mark.parametrize(
    ("language", "installs", "plots"),
    [
        ("python", True, [PlotLibrary.MATPLOTLIB, PlotLibrary.PLOTLY, PlotLibrary.SEABORN]),
        ("r", True, [PlotLibrary.ROOT, PlotLibrary.PLOTLY]),
        ("javascript", True, []),
        ("java", False, []),
        ("cpp", True, []),
        ("go", True, []),
        ("ruby", True, []),
    ],
)
def test_what_languages_can_do(language, installs, plots):
    made = handler(language)
    assert made.is_support_library_installation is installs
    assert made.supported_plot_libraries == plots
    assert made.is_support_plot_detection is bool(plots)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ["", "é", "x" * 1_000_000, "plt.show()"])
def test_code_is_never_edited(language, code):
    assert handler(language).inject_plot_detection_code(code) == code


C_LIKE = ["javascript", "java", "cpp", "go"]
HASH = ["python", "ruby", "r"]


@pytest.mark.parametrize(
    ("languages", "code", "left"),
    [
        (HASH, "x = 1 # c\ny", "x = 1 \ny"),
        (HASH, "  # only\nx", "\nx"),
        (HASH, 's = "# no" # yes', 's = "# no" '),
        (HASH, "s = '# no' # yes", "s = '# no' "),
        (HASH, r's = "\"# no" # yes', r's = "\"# no" '),
        (HASH, "# don't\nx # can't", "\nx "),
        (HASH, "é # ü", "é "),
        (HASH, "a\n   \nb", "a\n\nb"),
        (HASH, "x # c\r\ny", "x \ny"),
        (C_LIKE, "x // c\ny", "x \ny"),
        (C_LIKE, "  // only\nx", "\nx"),
        (C_LIKE, "/* a\n b */ x", " x"),
        (C_LIKE, "/* a */ x /* b */ y", " x  y"),
        (C_LIKE, "x /* never closed", "x "),
        (C_LIKE, 's = "// no /* no */" // yes', 's = "// no /* no */" '),
        (C_LIKE, 'u = "http://x"; // c', 'u = "http://x"; '),
        (C_LIKE, r's = "\"// no" // yes', r's = "\"// no" '),
        (C_LIKE, "// don't\nx", "\nx"),
        (C_LIKE, "c = '/'; d = '/' // c", "c = '/'; d = '/' "),
        (["python"], "'''doc'''\nx = 1", "\nx = 1"),
        (["python"], 'def f():\n    """doc\n    more"""\n    return 1', "def f():\n\n    return 1"),
        (["python"], "x = '''# no'''  # yes", "x = '''# no'''  "),
        (["python"], 'f(\n"""# no"""\n)', 'f(\n"""# no"""\n)'),
        (["python"], 'x = """a\n# no\n"""', 'x = """a\n# no\n"""'),
        (["python"], "'''a''' + x  # c\n'''b'''", "'''a''' + x  \n"),
        (["python"], "s = 'never closed # no\nx # c", "s = 'never closed # no\nx "),
        (["ruby"], "=begin\nq\n=end\nz", "\nz"),
        (["ruby"], 's = "#{x} # no" # yes', 's = "#{x} # no" '),
        (["ruby"], "x =~ /#{y}/ # c", "x =~ /#{y}/ "),
        (["r"], 's <- r"(# no " # no)" # yes', 's <- r"(# no " # no)" '),
        (["r"], "s <- 'a\n# no' # yes", "s <- 'a\n# no' "),
        (["javascript"], "s = `a\n// no ${x}` // yes", "s = `a\n// no ${x}` "),
        (["javascript"], "r = /[/]\\/\\/no/ // yes", "r = /[/]\\/\\/no/ "),
        (["javascript"], "a = b / c // yes\nd / e", "a = b / c \nd / e"),
        (["java"], 's = """\n// no\n"""; // yes', 's = """\n// no\n"""; '),
        (["cpp"], 's = R"x(// no )" /* no */)x"; // yes', 's = R"x(// no )" /* no */)x"; '),
        (["cpp"], "n = 1'000'000; // yes", "n = 1'000'000; "),
        (["go"], "s := `// no\n/* no */` // yes", "s := `// no\n/* no */` "),
    ],
)
def test_comments_are_taken_out_and_strings_are_left(languages, code, left):
    for language in languages:
        assert handler(language).filter_comments(code) == left, language


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "code",
    [
        "",
        "\x00",
        '"' * 100000,
        "'" * 100001,
        "/*" * 50000,
        "#\n" * 50000,
        '"""\n' * 30001,
        "\\" * 100000,
        "`(" * 50000,
        "'''a''' x\n" * 20000,
        "= /a" * 30000,
        'R"(' * 30000,
        "\n=begin" * 30000,
    ],
    ids=shown,
)
def test_hostile_code_is_read_in_no_time(language, code):
    assert len(handler(language).filter_comments(code)) <= len(code)


def test_a_language_of_a_user_is_read_by_its_patterns():
    assert Klingon().filter_comments("a <b\nc> -- d\n   \ne") == "a  \n\ne"


IMPORTS = {
    ("python", "os"): (
        [
            "import os",
            "import sys, os",
            "import os as o",
            "from os import path",
            "from os.path import join",
            "x;import os",
            "import os.path",
            "  import os",
            "try: import os",
        ],
        ["import osx", "from osx import y", "import xos", "important os", "reimport os", "from . import os_"],
    ),
    ("python", "xml.etree"): (
        ["import xml.etree.ElementTree", "from xml.etree import x"],
        ["import xml", "import xmlxetree"],
    ),
    ("javascript", "fs"): (
        [
            "import fs from 'fs'",
            'import "fs"',
            "require('fs')",
            "await import(`fs`)",
            "require('node:fs')",
            "import {x} from 'fs/promises'",
            "export * from 'fs'",
            "import{x}from'fs'",
        ],
        ["require('fsx')", "import x from './fs'", "require('xfs')", "fs.read()"],
    ),
    ("java", "java.io"): (
        [
            "import java.io.File;",
            "import java.io.*;",
            "import static java.io.File.separator;",
            "x;import java . io;".replace(" . ", "."),
        ],
        ["import java.iox.File;", "import java.net.URL;", "import javaXio.File;"],
    ),
    ("cpp", "fstream"): (
        ["#include <fstream>", '#include "fstream"', "# include<fstream>", "  #include < fstream >"],
        ["#include <fstreamx>", "#include <x/fstream>", "include <fstream>"],
    ),
    ("go", "os"): (
        [
            'import "os"',
            'import o "os"',
            'import (\n"fmt"\n"os"\n)',
            'import . "os"',
            'import "os/exec"',
            "import `os`",
        ],
        ['import "osx"', 'import "fmt"', 'x := "os"', 'import (\n"fmt"\n)\nx := "os"'],
    ),
    ("go", "rand"): (['import "math/rand"', 'import ("fmt"; "crypto/rand")'], ['import "brand"']),
    ("ruby", "socket"): (
        [
            "require 'socket'",
            'require "socket"',
            "require('socket')",
            "require_relative './socket'",
            "x; require 'socket'",
            "require 'socket/tcp'",
            "require 'socket.rb'",
            "load 'socket'",
        ],
        ["require 'sockets'", "require 'x/socket'", "unrequire 'socket'", "socket = 1"],
    ),
    ("r", "httr"): (
        [
            "library(httr)",
            "require('httr')",
            'library("httr")',
            "httr::GET(x)",
            "httr:::x",
            "library( package = httr )",
            "requireNamespace('httr', quietly = TRUE)",
            "if (x) library(httr, quietly = TRUE)",
        ],
        ["library(httr2)", "my.library(httr)", "xhttr::GET", "httr <- 1", "library(x)"],
    ),
}


@pytest.mark.parametrize(("language", "module"), IMPORTS)
def test_what_loads_a_module_is_matched(language, module):
    pattern = re.compile(handler(language).get_import_patterns(module))
    loads, loads_not = IMPORTS[language, module]
    assert [code for code in loads if not pattern.search(code)] == []
    assert [code for code in loads_not if pattern.search(code)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("module", ["a.b", "a+b", "(", "é", "[x]", "a|", "@scope/x", "x" * 10_000], ids=shown)
def test_modules_are_no_regular_expressions(language, module):
    re.compile(handler(language).get_import_patterns(module))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("module", ["", " ", None, 3, b"os"])
def test_what_is_no_module_is_refused(language, module):
    with pytest.raises(ValidationError, match="is not the name of a module"):
        handler(language).get_import_patterns(module)


@pytest.mark.parametrize("language", LANGUAGES)
def test_comment_patterns_are_regular_expressions(language):
    made = handler(language)
    assert re.search(made.get_inline_comment_patterns(), "x # c // c")
    re.compile(made.get_multiline_comment_patterns())


@pytest.mark.parametrize(
    ("name", "language"), [("PYTHON", "python"), (" c++ ", "cpp"), ("js", "javascript"), ("R", "r")]
)
def test_handlers_are_made_by_name_and_alias(name, language):
    assert handler(name).name == language


def test_handlers_are_made_by_member():
    assert handler(SupportedLanguage.GO).name == "go"


@pytest.mark.parametrize("language", ["cobol", "", None, 3, b"python", [], "é" * 100_000], ids=shown)
def test_what_is_no_language_is_refused(language):
    with pytest.raises(
        LanguageNotSupportedError, match="use one of python, javascript, java, cpp, go, ruby, r"
    ) as caught:
        handler(language)
    assert len(str(caught.value)) < 300


def test_languages_are_listed():
    assert LanguageHandlerFactory.get_supported_languages() == [
        "python",
        "javascript",
        "java",
        "cpp",
        "go",
        "ruby",
        "r",
    ]


def test_handlers_log_where_they_are_told_to():
    logger = logging.getLogger("q")
    assert LanguageHandlerFactory.create_handler("go", logger).logger is logger
    assert handler("go").logger.name == "llm_sandbox.language_handlers.go_handler"


def test_a_language_is_registered_and_replaced(registry):
    registry.register_handler("Klingon", Klingon)
    assert isinstance(registry.create_handler("KLINGON"), Klingon)

    class Other(PythonHandler):
        pass

    registry.register_handler("python", Other)
    assert isinstance(registry.create_handler("py"), Other)
    assert registry.get_supported_languages()[-1] == "klingon"


@pytest.mark.parametrize(
    ("language", "handler_class"),
    [
        ("", Klingon),
        (None, Klingon),
        (3, Klingon),
        ("x", None),
        ("x", 3),
        ("x", Klingon()),
        ("x", object),
        ("x", LanguageConfig),
    ],
    ids=shown,
)
def test_what_cannot_be_registered_is_refused(registry, language, handler_class):
    with pytest.raises(ValidationError):
        registry.register_handler(language, handler_class)


def test_threads_may_register_and_make_at_once(registry):
    def work(number):
        registry.register_handler(f"language{number}", Klingon)
        return registry.create_handler(f"LANGUAGE{number}").name, len(registry.get_supported_languages())

    with ThreadPoolExecutor(8) as threads:
        assert {name for name, _ in threads.map(work, range(200))} == {"klingon"}
    assert len(registry.get_supported_languages()) == 207


def test_a_handler_needs_all_that_is_abstract():
    with pytest.raises(TypeError, match="abstract"):
        AbstractLanguageHandler()


def test_everything_is_exported():
    assert set(language_handlers.__all__) <= set(vars(language_handlers))
