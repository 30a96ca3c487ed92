# The object systems, conditions, regular expressions and dates.
setClass("Account", representation(owner = "character", balance = "numeric"))
setGeneric("deposit", function(account, amount) standardGeneric("deposit"))
setMethod("deposit", "Account", function(account, amount) {
  account@balance <- account@balance + amount
  account
})
account <- deposit(new("Account", owner = "a", balance = 1), 41)
print.shape <- function(x, ...) cat("a shape of", x$sides, "sides\n")
print(structure(list(sides = 4), class = "shape"))
counter <- local({
  n <- 0
  function() n <<- n + 1
})
invisible(counter())
cat(account@balance, counter(), "\n")
result <- withCallingHandlers(
  { warning("careful"); "went on" },
  warning = function(w) { cat("noticed:", conditionMessage(w), "\n"); invokeRestart("muffleWarning") }
)
cat(result, format(as.Date("2024-02-28") + 2), sub("(\\w+) (\\w+)", "\\2 \\1", "one two"), sprintf("%05.1f", pi), "\n")
(\(x) x |> sqrt() |> print())(16)
