use super::Recipe;

pub(super) const RECIPE: Recipe = Recipe {
    name: "python",
    aliases: &["py", "python3"],
    endings: &["py"],
    source: "main.py",
    programs: &["python3", "python"],
    variable: "LLM_SANDBOX_PYTHON",
    package: "python3",
    environment: &[
        // Output is seen as it is printed, and is not lost when the program is killed.
        ("PYTHONUNBUFFERED", "1"),
        // The working directory stays as the program left it.
        ("PYTHONDONTWRITEBYTECODE", "1"),
    ],
    question: &[
        "-I",
        "-c",
        "import sys; print(sys.executable, sys.base_prefix, sys.prefix, sys.base_exec_prefix, sys.exec_prefix, sep='\\n')",
    ],
};
