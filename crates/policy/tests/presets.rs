//! What each preset is for, and what a policy of one's own does.

use llm_sandbox_policy::{
    Cause, Language, Preset, RestrictedModule, SecurityPattern, SecurityPolicy, Severity, security_policy,
};

const PYTHON: Language = Language::Python;

/// The presets that block a piece of Python.
fn blocking(code: &str) -> Vec<Preset> {
    blocking_in(PYTHON, code)
}

/// The presets that block a piece of code, in the order in which they are listed.
fn blocking_in(language: Language, code: &str) -> Vec<Preset> {
    let blocks = |preset: &Preset| !security_policy(preset.name()).expect("it is one").is_safe(code, language).0;
    Preset::ALL.into_iter().filter(blocks).collect()
}

#[test]
fn presets_block_what_they_are_for() {
    use Preset::{DataScience, Development, Educational, Production, Strict};
    let all_but_minimal = [Development, Production, Strict, Educational, DataScience];
    let cases: [(&str, &[Preset]); 17] = [
        ("print(sum(range(3)))", &[]),
        ("import math, json, re, datetime\nprint(math.pi)", &[]),
        ("import shutil\nshutil.rmtree('/')", &Preset::ALL),
        ("import os\nos.system('rm -rf /')", &Preset::ALL),
        ("import os\nos.system('ls')", &all_but_minimal),
        ("import subprocess\nsubprocess.run(['ls'])", &all_but_minimal),
        ("import os\nos.remove('/srv/x')", &all_but_minimal),
        ("import os\nos.remove('x')", &[Strict]),
        ("import os\nprint(os.environ['A'])", &[Production, Strict, DataScience]),
        ("open('/srv/x', 'w')", &[Production, Strict, Educational, DataScience]),
        ("open('x', 'w')", &[Strict]),
        ("import requests\nrequests.get('https://example.com')", &[Strict]),
        ("import socket\nsocket.socket()", &[Production, Strict, DataScience]),
        ("import pandas as pd\npd.read_pickle('x.pkl')", &[Strict]),
        ("import pickle\npickle.load(open('x.pkl', 'rb'))", &[Production, Strict]),
        ("eval('1 + 1')", &[Strict]),
        ("eval(input())", &[Production, Strict, DataScience]),
    ];
    for (code, expected) in cases {
        let expected: Vec<_> = Preset::ALL.into_iter().filter(|preset| expected.contains(preset)).collect();
        let mut found = blocking(code);
        // Educational explains what it does not block.
        if code.starts_with("eval") {
            let report = security_policy("educational").unwrap().scan(code, PYTHON);
            assert!(report.violations[0].instead.is_some(), "{code}");
        }
        found.sort();
        assert_eq!(found, expected, "{code}");
    }
}

/// Whether exactly the presets that are expected block each piece of code.
fn assert_blocking(language: Language, cases: &[(&str, &[Preset])]) {
    for (code, expected) in cases {
        let blocks = |preset: &Preset| !security_policy(preset.name()).expect("it is one").is_safe(code, language).0;
        let found: Vec<_> = Preset::ALL.into_iter().filter(blocks).collect();
        let expected: Vec<_> = Preset::ALL.into_iter().filter(|preset| expected.contains(preset)).collect();
        assert_eq!(found, expected, "{language}: {code}");
    }
}

#[test]
fn presets_block_in_java_what_they_are_for() {
    use Preset::{DataScience, Development, Educational, Production, Strict};
    let all_but_minimal: &[Preset] = &[Development, Production, Strict, Educational, DataScience];
    assert_blocking(
        Language::Java,
        &[
            ("System.out.println(Math.max(1, 2));", &[]),
            ("import java.util.*; class A { List<String> a = new ArrayList<>(); }", &[]),
            ("Runtime.getRuntime().exec(\"rm -rf /\");", &Preset::ALL),
            ("new ProcessBuilder(\"rm\", \"-rf\", \"/\").start();", &Preset::ALL),
            ("new java.io.File(\"/etc\").delete();", &Preset::ALL),
            ("Runtime.getRuntime().exec(\"ls\");", all_but_minimal),
            ("new ProcessBuilder(\"ls\").start();", all_but_minimal),
            ("new java.io.File(\"/srv/x\").delete();", all_but_minimal),
            ("new java.io.File(\"x\").delete();", &[Strict]),
            ("String s = System.getenv(\"A\");", &[Production, Strict, DataScience]),
            ("new java.io.FileWriter(\"/srv/x\");", &[Production, Strict, Educational, DataScience]),
            ("new java.io.FileWriter(\"x\");", &[Strict]),
            ("var c = java.net.http.HttpClient.newHttpClient();", &[Strict]),
            ("var s = new java.net.Socket(\"a\", 1);", &[Production, Strict, DataScience]),
            ("var o = new java.io.ObjectInputStream(in).readObject();", &[Production, Strict]),
            ("import smile.classification.*; import org.apache.commons.csv.CSVParser; class A { }", &[Strict]),
            ("Class.forName(name);", &[Production, Strict, DataScience]),
        ],
    );
}

#[test]
fn presets_block_in_go_what_they_are_for() {
    use Preset::{DataScience, Development, Educational, Production, Strict};
    let all_but_minimal: &[Preset] = &[Development, Production, Strict, Educational, DataScience];
    assert_blocking(
        Language::Go,
        &[
            ("fmt.Println(1 + 2)", &[]),
            (
                "package main\nimport (\"fmt\"; \"math/big\"; \"os\")\nfunc main() { fmt.Fprintln(os.Stderr, big.NewInt(1)) }",
                &[],
            ),
            ("exec.Command(\"rm\", \"-rf\", \"/\").Run()", &Preset::ALL),
            ("os.RemoveAll(\"/\")", &Preset::ALL),
            ("exec.Command(\"ls\").Run()", all_but_minimal),
            ("os.Remove(\"/srv/x\")", all_but_minimal),
            ("os.Remove(\"x\")", &[Strict]),
            ("os.Getenv(\"A\")", &[Production, Strict, DataScience]),
            ("os.WriteFile(\"/srv/x\", nil, 0)", &[Production, Strict, Educational, DataScience]),
            ("os.WriteFile(\"x\", nil, 0)", &[Strict]),
            ("http.Get(\"https://example.com\")", &[Strict]),
            ("net.Dial(\"tcp\", \"a:1\")", &[Production, Strict, DataScience]),
            ("import \"gonum.org/v1/gonum/mat\"", &[Strict]),
            ("import \"C\"", &[Production, Strict, Educational, DataScience]),
            ("reflect.ValueOf(x).MethodByName(name)", &[Strict]),
        ],
    );
}

#[test]
fn a_finding_of_little_weight_hides_nothing_on_its_line() {
    let code = "class A { void f() throws Exception { A.class.getMethod(x); Runtime.class.getMethod(x); } }";
    assert!(!security_policy("production").unwrap().is_safe(code, Language::Java).0);
}

#[test]
fn restricted_packages_are_found_in_every_form() {
    let restricted = |name: &str| {
        let mut policy = SecurityPolicy { severity_threshold: Severity::Low, ..SecurityPolicy::default() };
        let (name, description) = (name.to_owned(), String::new());
        policy.add_restricted_module(RestrictedModule { name, description, severity: Severity::High });
        policy
    };
    for (name, code, is_safe) in [
        ("java.io", "import java.io.File;", false),
        ("java.io", "import java.io.*;", false),
        ("java.io", "class A { java.io.File f; }", false),
        ("java.io", "import static java.io.File.separator;", false),
        ("java.io", "Class.forName(\"java.io.\" + \"File\");", false),
        ("java.io.File", "import java.io.*; class A { File f; }", false),
        ("java.io.File", "import java.io.*; class A { Reader f; }", true),
        ("java.io", "import java.iox.File; class A { String s = \"java.io.File\"; }", true),
        ("java.lang.Runtime", "Runtime.getRuntime();", false),
        ("java.lang.Runtime", "class Runtime { } class A { Runtime r; }", true),
    ] {
        assert_eq!(restricted(name).is_safe(code, Language::Java).0, is_safe, "{name}: {code}");
    }
    for (name, code, is_safe) in [
        ("net", "import \"net/http\"", false),
        ("net/http", "import h \"net/http\"", false),
        ("net/http", "import . \"net/http/httptest\"", false),
        ("net/http", "import \"net\"", true),
        ("net", "import \"network\"", true),
        ("gopkg.in/yaml", "import \"gopkg.in/yaml.v3\"", false),
        ("os", "package main\nfunc main() { os.Exit(1) }", false),
    ] {
        assert_eq!(restricted(name).is_safe(code, Language::Go).0, is_safe, "{name}: {code}");
    }
}

#[test]
fn presets_block_what_they_are_for_in_cpp() {
    use Preset::{DataScience, Development, Educational, Production, Strict};
    let all_but_minimal = [Development, Production, Strict, Educational, DataScience];
    let cases: [(&str, &[Preset]); 22] = [
        ("#include <iostream>\nint main() { std::cout << 1; }", &[]),
        ("#include <vector>\n#include <cmath>\nint main(void) { return (int)sqrt(4); }", &[]),
        ("#include <filesystem>\nint main() { std::filesystem::remove_all(\"/\"); }", &Preset::ALL),
        ("int main() { system(\"rm -rf /\"); }", &Preset::ALL),
        ("int main() { execl(\"/bin/rm\", \"rm\", \"-rf\", \"/\", 0); }", &Preset::ALL),
        ("int main() { reboot(0x1234567); }", &Preset::ALL),
        ("int main() { std::ofstream(\"/etc/passwd\") << 1; }", &Preset::ALL),
        ("int main() { system(\"ls\"); }", &all_but_minimal),
        ("int main() { popen(\"ls\", \"r\"); }", &all_but_minimal),
        ("int main() { unlink(\"/srv/x\"); }", &all_but_minimal),
        ("int main() { unlink(\"x\"); }", &[Strict]),
        ("int main() { fork(); }", &[Production, Strict, Educational, DataScience]),
        ("int main() { asm(\"syscall\"); }", &[Production, Strict, Educational, DataScience]),
        ("int main() { std::ofstream(\"/srv/x\") << 1; }", &[Production, Strict, Educational, DataScience]),
        ("int main() { std::ofstream(\"x\") << 1; }", &[Strict]),
        ("int main() { getenv(\"A\"); }", &[Production, Strict, DataScience]),
        ("int main() { socket(2, 1, 0); }", &[Production, Strict, DataScience]),
        ("#include <curl/curl.h>\nint main() { curl_easy_init(); }", &[Strict]),
        ("#include <Eigen/Dense>\n#include <armadillo>\nint main() { arma::mat a; a.load(\"x.csv\"); }", &[Strict]),
        ("#include <opencv2/opencv.hpp>\nint main() { cv::imwrite(\"x.png\", cv::Mat()); }", &[Strict]),
        ("int main(int n, char** v) { ((int (*)(char*))(n + 1))(v[0]); }", &[Production, Strict, DataScience]),
        ("#include <thread>\nint main() { std::thread t; }", &[Strict]),
    ];
    for (code, expected) in cases {
        let expected: Vec<_> = Preset::ALL.into_iter().filter(|preset| expected.contains(preset)).collect();
        let blocks =
            |preset: &Preset| !security_policy(preset.name()).expect("it is one").is_safe(code, Language::Cpp).0;
        let found: Vec<_> = Preset::ALL.into_iter().filter(blocks).collect();
        assert_eq!(found, expected, "{code}");
    }
    // Educational explains what it does not block.
    let code = "int main(int n, char** v) { ((int (*)(char*))(n + 1))(v[0]); }";
    let report = security_policy("educational").unwrap().scan(code, Language::Cpp);
    assert!(report.is_safe() && report.violations[0].instead.is_some());
}

#[test]
fn presets_block_what_they_are_for_in_ruby() {
    use Preset::{DataScience, Development, Educational, Production, Strict};
    let all_but_minimal = [Development, Production, Strict, Educational, DataScience];
    let cases: [(&str, &[Preset]); 19] = [
        ("puts (1..3).sum", &[]),
        ("require 'json'\nputs JSON.parse('[1]')", &[]),
        ("require 'fileutils'\nFileUtils.rm_rf('/')", &Preset::ALL),
        ("system('rm -rf /')", &Preset::ALL),
        ("system('rm', '-rf', '/')", &Preset::ALL),
        ("system('ls')", &all_but_minimal),
        ("`ls`", &all_but_minimal),
        ("require 'open3'\nOpen3.capture2('ls')", &all_but_minimal),
        ("File.delete('/srv/x')", &all_but_minimal),
        ("File.delete('x')", &[Strict]),
        ("puts ENV['A']", &[Production, Strict, DataScience]),
        ("File.write('/srv/x', '')", &[Production, Strict, Educational, DataScience]),
        ("File.write('x', '')", &[Strict]),
        ("require 'net/http'\nNet::HTTP.get(URI('https://example.com'))", &[Strict]),
        ("require 'socket'\nTCPSocket.new('a', 1)", &[Production, Strict, DataScience]),
        ("require 'numo/narray'\nputs Numo::DFloat[1, 2].sum", &[Strict]),
        ("Marshal.load(File.read('x'))", &[Production, Strict]),
        ("eval('1 + 1')", &[Strict]),
        ("eval(gets)", &[Production, Strict, DataScience]),
    ];
    for (code, expected) in cases {
        assert_eq!(blocking_in(Language::Ruby, code), expected, "{code}");
    }
    let report = security_policy("educational").unwrap().scan("eval(gets)", Language::Ruby);
    assert!(report.violations[0].instead.is_some());
}

#[test]
fn presets_block_what_they_are_for_in_r() {
    use Preset::{DataScience, Development, Educational, Production, Strict};
    let all_but_minimal = [Development, Production, Strict, Educational, DataScience];
    let cases: [(&str, &[Preset]); 20] = [
        ("print(sum(1:3))", &[]),
        ("library(dplyr)\nmtcars %>% summarise(m = mean(mpg))", &[]),
        ("unlink('/', recursive = TRUE)", &Preset::ALL),
        ("system('rm -rf /')", &Preset::ALL),
        ("system2('rm', c('-rf', '/'))", &Preset::ALL),
        ("system('ls')", &all_but_minimal),
        ("do.call('system', list('ls'))", &all_but_minimal),
        ("processx::run('ls')", &all_but_minimal),
        ("file.remove('/srv/x')", &all_but_minimal),
        ("file.remove('x')", &[Strict]),
        ("Sys.getenv('A')", &[Production, Strict, DataScience]),
        ("writeLines('', '/srv/x')", &[Production, Strict, Educational, DataScience]),
        ("write.csv(iris, 'x')", &[Strict]),
        ("library(httr)\nGET('https://example.com')", &[Strict]),
        ("socketConnection('a', 1)", &[Production, Strict, DataScience]),
        ("library(arrow)\nread_parquet('x.parquet')", &[Strict]),
        ("x <- readRDS('x.rds')", &[Strict]),
        ("dyn.load('x.so')", &all_but_minimal),
        ("eval(parse(text = '1 + 1'))", &[Strict]),
        ("eval(parse(text = readline()))", &[Production, Strict, DataScience]),
    ];
    for (code, expected) in cases {
        assert_eq!(blocking_in(Language::R, code), expected, "{code}");
    }
    let report = security_policy("educational").unwrap().scan("eval(parse(text = readline()))", Language::R);
    assert!(report.violations[0].instead.is_some());
}

#[test]
fn macros_do_not_break_cpp_and_patterns_see_it_as_it_is_written() {
    let mut policy = security_policy("production").unwrap();
    policy.add_pattern(SecurityPattern::new("rep\\(", "a macro", Severity::High).unwrap());
    let code = "// rep(\n#define rep(i, n) for (int i = 0; i < n; i++)\nint main() { rep(i, 3) {} }\n";
    let report = policy.scan(code, Language::Cpp);
    assert!(!report.is_broken);
    let lines: Vec<_> = report.violations.iter().map(|violation| (violation.line, violation.column)).collect();
    assert_eq!(lines, [(2, 9), (3, 14)]);
}

#[test]
fn a_policy_without_rules_finds_nothing() {
    let (is_safe, violations) = SecurityPolicy::default().is_safe("import os\nos.system('x')", PYTHON);
    assert!(is_safe && violations.is_empty());
}

#[test]
fn the_threshold_decides_what_blocks_and_hides_nothing() {
    let mut policy = SecurityPolicy::default();
    policy.add_restricted_module(RestrictedModule {
        name: "os".to_owned(),
        description: "no system".to_owned(),
        severity: Severity::Medium,
    });
    for (threshold, expected) in
        [(Severity::Safe, true), (Severity::Low, false), (Severity::Medium, false), (Severity::High, true)]
    {
        policy.severity_threshold = threshold;
        let (is_safe, violations) = policy.is_safe("import sys, os", PYTHON);
        assert_eq!((is_safe, violations.len()), (expected, 1), "{threshold:?}");
    }
}

#[test]
fn restricted_modules_are_found_in_every_form() {
    let mut policy = SecurityPolicy { severity_threshold: Severity::Low, ..SecurityPolicy::default() };
    let (name, description) = ("xml.etree".to_owned(), String::new());
    policy.add_restricted_module(RestrictedModule { name, description, severity: Severity::High });
    for code in [
        "import xml.etree",
        "import xml.etree.ElementTree as ET",
        "from xml.etree import ElementTree",
        "from xml import etree",
        "__import__('xml.' + 'etree')",
        "import importlib\nimportlib.import_module('xml.etree.ElementTree')",
    ] {
        assert!(!policy.is_safe(code, PYTHON).0, "{code}");
    }
    for code in
        ["import xml", "from xml import dom", "import xml.etree2", "x = 'import xml.etree'", "from . import xml"]
    {
        assert!(policy.is_safe(code, PYTHON).0, "{code}");
    }
}

#[test]
fn patterns_look_into_strings_and_not_into_comments() {
    let mut policy = security_policy("production").unwrap();
    let pattern = r"requests\.get\(.*internal\.company";
    policy.add_pattern(SecurityPattern::new(pattern, "internal network", Severity::High).unwrap());
    let code = "import requests\n# requests.get('internal.company')\nx = requests.get('https://internal.company/a')\n";
    let (is_safe, violations) = policy.is_safe(code, PYTHON);
    assert!(!is_safe);
    assert_eq!(violations.len(), 1);
    let violation = &violations[0];
    assert_eq!((violation.line, violation.column), (3, 5));
    assert_eq!(violation.source_line, "x = requests.get('https://internal.company/a')");
    assert!(matches!(&violation.cause, Cause::Pattern(found) if found.pattern.as_str() == pattern));
    assert!(SecurityPattern::new("(", "", Severity::Low).is_err());
}

#[test]
fn a_hostile_pattern_holds_nothing_up() {
    let mut policy = SecurityPolicy { severity_threshold: Severity::Low, ..SecurityPolicy::default() };
    policy.budget.time = std::time::Duration::from_millis(200);
    policy.add_pattern(SecurityPattern::new("(a|a)*$", "", Severity::Low).unwrap());
    let report = policy.scan(format!("x = '{}'", "a".repeat(5000)), PYTHON);
    assert!(!report.is_safe());
}

#[test]
fn names_of_policies_are_checked() {
    assert!(security_policy("productoin").unwrap_err().to_string().contains("production"));
    for preset in Preset::ALL {
        assert_eq!(security_policy(preset.name()).unwrap().preset, Some(preset));
    }
}

#[test]
fn code_that_is_written_often_is_read_once() {
    let policy = security_policy("production").expect("a preset");
    let often = "open('a.py', 'w').write('x = 1')\n".repeat(1000);
    assert!(policy.is_safe(&often, Language::Python).0);
    let many: String = (0..100).map(|n| format!("open('a.py', 'w').write('x = {n}')\n")).collect();
    let report = policy.scan(&many, Language::Python);
    assert!(report.gave_up.is_some() && !report.is_safe());
}
