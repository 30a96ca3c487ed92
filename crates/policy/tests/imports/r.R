# The packages that R files name, a line for each file: those on this machine, and the functions of R's own packages, which
# are written into a directory first.
directory <- commandArgs(trailingOnly = TRUE)[1]
unlink(directory, recursive = TRUE)
dir.create(directory, recursive = TRUE, showWarnings = FALSE)

write_functions <- function(package) {
  space <- asNamespace(package)
  functions <- Filter(function(value) is.function(value) && !is.primitive(value), mget(ls(space, all.names = TRUE), space))
  few <- split(functions, (seq_along(functions) - 1) %/% 8)
  for (number in seq_along(few)) {
    texts <- lapply(few[[number]], deparse, control = c("keepNA", "keepInteger", "niceNames"))
    lines <- unlist(lapply(texts, function(text) c("f <-", text)))
    writeLines(lines, file.path(directory, paste0(package, "-", number, ".R")))
  }
}

named <- function(part) if (is.symbol(part) || is.character(part)) as.character(part) else NULL

loaded <- function(call) {
  arguments <- as.list(call)[-1]
  names <- if (is.null(names(arguments))) rep("", length(arguments)) else names(arguments)
  if ("character.only" %in% names) return(NULL)
  chosen <- which(names %in% c("", "package"))
  if (length(chosen)) named(arguments[[chosen[1]]])
}

packages <- function(expression) {
  if (missing(expression) || !is.recursive(expression)) return(NULL)
  own <- NULL
  if (is.call(expression)) {
    head <- expression[[1]]
    what <- if (is.symbol(head)) as.character(head) else ""
    if (what %in% c("::", ":::")) own <- named(expression[[2]])
    if (what %in% c("library", "require")) own <- loaded(expression)
  }
  parts <- as.list(expression)
  for (at in seq_along(parts)) {
    part <- parts[[at]]
    if (!missing(part)) own <- c(own, packages(part))
  }
  own
}

for (package in setdiff(rownames(installed.packages(priority = "base")), "tcltk")) write_functions(package)
shipped <- list.files(c(R.home(), .libPaths()), pattern = "[.][rR]$", recursive = TRUE, full.names = TRUE)
files <- c(unique(normalizePath(shipped)), list.files(directory, pattern = "[.]R$", full.names = TRUE))
for (path in files) {
  code <- tryCatch(parse(path, keep.source = FALSE), error = function(e) NULL)
  if (is.null(code)) next
  cat(path, "\t", paste(sort(unique(packages(code))), collapse = " "), "\n", sep = "")
}
