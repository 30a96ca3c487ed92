invisible(file.create("right"))
while (!file.exists("left")) Sys.sleep(0.01)
cat("right met left\n")
