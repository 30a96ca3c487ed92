greet <- function(name) {
  cat("hello", name, "\n")
}
greet("a") greet("b")
cat("never\n")
