given <- commandArgs(trailingOnly = TRUE)
cat(length(given), sprintf("[%s]", given), "\n")
