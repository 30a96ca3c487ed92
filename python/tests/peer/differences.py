"""Where ours behaves otherwise than the original, on purpose: regular expressions for names of facts, and why."""

from __future__ import annotations

DIFFERENCES: dict[str, str] = {
    r"SandboxBackend\.(BUBBLEWRAP|NSJAIL|WINDOWS_MXC|WSL2_BUBBLEWRAP): value": "native takes their place",
    r"ExecutionResult: to_json with plots": "it works here",
    r"SessionConfig\(lang='py'\)": "other names of languages are understood",
    r"SessionConfig\((image|container_id)=''\)": "nothing is not a name",
    r"SessionConfig\(workdir='x?'\)": "a working directory is an absolute path",
    r"SessionConfig\(\w+_timeout=-1\)": "time does not run backwards",
    r"\w+\(\w+=True\)": "truth values are no numbers",
    r"SessionConfig\(nothing=1\)": "names that are not there are refused",
    r"SecurityPolicy\(severity_threshold='high'\)": "severities have names, too",
    r"SessionConfig\(\{'execution_timeout': 0\}\)\.get_execution_timeout\(\)": "zero is a limit",
    r"create_handler\('(cobol)?'\)": "it is a ValueError, too",
    r"\w+: without comments, (hash|slashes) in a string, .*": "marks of comments in strings are none",
    r"python: without comments, text, .*": "all strings that stand for themselves are comments, and no others are",
    r"python: imports, 'import sys, os'": "one of several is loaded, too",
    r"""javascript: imports, "import\('fs'\)\"""": "this loads it, too",
    r"java: imports, 'import static java\.io\.File\.x;'": "this loads it, too",
    r"cpp: imports, '# include <fstream>'": "blanks may stand there",
    r"""go: imports, 'import "os/exec"'""": "what is below a package is part of it",
    r"r: imports, 'library\(httr2\)'": "that is another package",
    r"r: imports, 'httr::GET\(x\)'": "this loads it, too",
    r"(java|cpp|r): installs, (None|RuntimeContext.*)": "commands that work without being asked",
    r"\w+: logger": "each handler logs by its own name",
    r"(docker|podman): (interactive|pooling)": "not there yet",
}
