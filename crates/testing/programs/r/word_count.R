# A filter: the most frequent words of standard input.
lines <- readLines(file("stdin"))
words <- unlist(strsplit(tolower(lines), "[^a-z]+"))
counts <- table(words[words != ""])
sorted <- counts[order(-counts, names(counts))]
for (word in names(head(sorted, 3))) cat(sprintf("%3d %s\n", sorted[[word]], word), sep = "")
