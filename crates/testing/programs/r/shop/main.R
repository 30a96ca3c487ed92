source("lib/totals.R")
source("lib/cheapest.R", local = TRUE)
items <- c(tea = 3, coffee = 4)
cat(total(items), cheapest(items), readLines("prices.txt"), "\n")
