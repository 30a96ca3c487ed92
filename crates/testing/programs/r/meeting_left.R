invisible(file.create("left"))
while (!file.exists("right")) Sys.sleep(0.01)
cat("left met right\n")
