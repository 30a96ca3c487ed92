use super::Recipe;

pub(super) const RECIPE: Recipe = Recipe {
    name: "javascript",
    aliases: &["js", "node", "nodejs"],
    endings: &["js", "cjs", "mjs"],
    source: "main.js",
    programs: &["node", "nodejs"],
    variable: "LLM_SANDBOX_NODE",
    package: "nodejs",
    environment: &[("NO_UPDATE_NOTIFIER", "1")],
    // The prefix is where `bin` stands in, unless the program lies elsewhere.
    question: &[
        "-p",
        "const p = require('path'), b = p.dirname(process.execPath); \
         process.execPath + '\\n' + (p.basename(b) === 'bin' ? p.dirname(b) : process.execPath)",
    ],
};
