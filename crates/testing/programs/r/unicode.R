größe <- 42
cat("größe=", größe, " — naïve ☕ 日本語 🦀\n", sep = "")
for (word in readLines("stdin", encoding = "UTF-8")) {
  letters <- strsplit(word, "")[[1]]
  cat(paste(rev(letters), collapse = ""), nchar(word), nchar(word, "bytes"), toupper(word), "\n")
}
writeLines("ja", "ünïcode-☕.txt")
cat(readLines("ünïcode-☕.txt"), commandArgs(trailingOnly = TRUE), "\n")
message("Fehler: Ärger")
