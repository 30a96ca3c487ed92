kept <- list()
cat("begun\n")
repeat kept[[length(kept) + 1]] <- rep(1, 1e6)
