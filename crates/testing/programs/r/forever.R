cat("begun\n")
repeat Sys.sleep(10)
