//! Functions of packages that are called by their names alone, as their packages are attached.

use super::R;
use super::names::{KNOWN, global};
use crate::flow::value::Value;

/// Packages that may be attached at once; more are not kept.
const MOST_ATTACHED: usize = 32;

/// Functions of packages whose calls are followed here, other than by their names alone.
const FOLLOWED: [&str; 48] = [
    "RCurl::base64Decode",
    "box::use",
    "dplyr::first",
    "dplyr::if_else",
    "dplyr::last",
    "fs::dir_ls",
    "fs::file_temp",
    "fs::path_abs",
    "fs::path_expand",
    "functional::Compose",
    "functional::Curry",
    "glue::glue",
    "glue::glue_data",
    "here::here",
    "import::from",
    "knitr::knit",
    "knitr::knit2html",
    "knitr::knit_child",
    "memoise::memoise",
    "pacman::p_load",
    "processx::run",
    "reticulate::import",
    "rlang::as_function",
    "rlang::ensym",
    "rlang::env_get",
    "rlang::env_poke",
    "rlang::eval_bare",
    "rlang::eval_tidy",
    "rlang::exec",
    "rlang::invoke",
    "rlang::parse_expr",
    "rlang::parse_exprs",
    "rlang::parse_quo",
    "rlang::set_names",
    "rlang::sym",
    "stringi::stri_c",
    "stringr::str_c",
    "stringr::str_glue",
    "stringr::str_interp",
    "stringr::str_sub",
    "stringr::str_to_lower",
    "stringr::str_to_upper",
    "stringr::str_trim",
    "sys::exec_internal",
    "sys::exec_wait",
    "tools::file_path_sans_ext",
    "xfun::pkg_attach",
    "xfun::pkg_attach2",
];

impl R {
    pub(super) fn remember_attached(&mut self, package: &str) {
        let is_new = !self.attached.iter().any(|attached| &**attached == package);
        if is_new && self.attached.len() < MOST_ATTACHED && package != "base" {
            self.attached.push(package.into());
            self.library_functions.get_mut().clear();
        }
    }

    /// A function of that name that the code does not have itself.
    pub(super) fn library_function(&self, name: &str) -> Value {
        if let Some(known) = self.library_functions.borrow().get(name) {
            return known.clone();
        }
        let function = match KNOWN.contains(&name) {
            true => Value::named(name),
            false => {
                let attached = self.attached.iter().map(|package| format!("{package}::{name}"));
                let attached = attached.filter(|path| self.is_followed(path)).map(Value::named);
                Value::either([global(name)].into_iter().chain(attached))
            }
        };
        self.library_functions.borrow_mut().insert(name.into(), function.clone());
        function
    }

    /// Whether it matters what is done with a function of a package. Any attached package may have one of any name, and
    /// nearly all of these do not exist.
    fn is_followed(&self, path: &str) -> bool {
        path.starts_with("purrr::") || FOLLOWED.contains(&path) || self.reading.collected.asks_for(path)
    }
}

#[cfg(test)]
mod tests {
    use super::FOLLOWED;

    #[test]
    fn all_functions_of_packages_are_followed_when_attached() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/r");
        let files =
            std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
        let source: String = files.collect();
        let texts = source.split('"').filter(|text| text.chars().all(|it| it.is_alphanumeric() || "._:".contains(it)));
        for (path, (_, name)) in texts.filter_map(|text| Some((text, text.split_once("::")?))) {
            let by_name = source.contains(&format!("\"{name}\""));
            assert!(by_name || path.starts_with("purrr::") || FOLLOWED.contains(&path), "{path} is not");
        }
    }
}
