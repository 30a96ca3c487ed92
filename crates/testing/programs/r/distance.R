# How far two words are apart, by dynamic programming.
distance <- function(a, b) {
  a <- strsplit(a, "")[[1]]
  b <- strsplit(b, "")[[1]]
  costs <- matrix(0, length(a) + 1, length(b) + 1)
  costs[, 1] <- 0:length(a)
  costs[1, ] <- 0:length(b)
  for (i in seq_along(a)) {
    for (j in seq_along(b)) {
      costs[i + 1, j + 1] <- min(
        costs[i, j + 1] + 1,
        costs[i + 1, j] + 1,
        costs[i, j] + (a[i] != b[j])
      )
    }
  }
  costs[length(a) + 1, length(b) + 1]
}

print(c(distance("kitten", "sitting"), distance("intention", "execution"), distance("same", "same")))
stopifnot(distance("kitten", "sitting") == drop(adist("kitten", "sitting")))
