# A picture in a file: this takes no display.
pdf("picture.pdf")
plot(1:10, main = "größe")
invisible(dev.off())
cat(file.exists("picture.pdf"), rawToChar(readBin("picture.pdf", "raw", 4)), "\n")
