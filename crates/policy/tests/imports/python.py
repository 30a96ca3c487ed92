"""Prints what each file of the standard library imports, as one JSON object in each line."""

import ast
import json
import pathlib
import sys
import sysconfig
import warnings

warnings.simplefilter("ignore")
for path in sorted(pathlib.Path(sysconfig.get_path("stdlib")).rglob("*.py")):
    if "site-packages" in path.parts or "dist-packages" in path.parts:
        continue
    try:
        source = path.read_bytes()
        source.decode("utf-8")
        tree = ast.parse(source)
        compile(tree, str(path), "exec")
    except (SyntaxError, ValueError, OSError, RecursionError):
        continue
    modules = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            modules.add("." * node.level + (node.module or ""))
    json.dump({"path": str(path), "modules": sorted(modules)}, sys.stdout)
    print()
