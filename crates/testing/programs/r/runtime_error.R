prices <- list(tea = 3)

price <- function(name) {
  if (is.null(prices[[name]])) stop("no price of ", name)
  prices[[name]]
}

cat(price("tea"), "\n")
cat(price("coffee"), "\n")
cat("never\n")
