# Reads JSON by hand, for there is nothing in the library, and sums the orders in it.
parse_json <- function(text) {
  letters <- strsplit(text, "")[[1]]
  at <- 1
  skip <- function() while (grepl("[[:space:]]", letters[at])) at <<- at + 1
  value <- function() {
    skip()
    first <- letters[at]
    if (first == "{") {
      result <- list()
      at <<- at + 1
      repeat {
        skip()
        if (letters[at] == "}") break
        key <- value()
        skip()
        stopifnot(letters[at] == ":")
        at <<- at + 1
        result[[key]] <- value()
        skip()
        if (letters[at] == ",") at <<- at + 1
      }
      at <<- at + 1
      result
    } else if (first == "[") {
      result <- list()
      at <<- at + 1
      repeat {
        skip()
        if (letters[at] == "]") break
        result[[length(result) + 1]] <- value()
        skip()
        if (letters[at] == ",") at <<- at + 1
      }
      at <<- at + 1
      result
    } else if (first == "\"") {
      end <- at + which(letters[-(1:at)] == "\"")[1]
      result <- paste(letters[seq_len(end - at - 1) + at], collapse = "")
      at <<- end + 1
      result
    } else {
      start <- at
      while (at <= length(letters) && grepl("[-+.eE0-9]", letters[at])) at <<- at + 1
      if (start == at) stop("unexpected ", first, " at ", at)
      as.numeric(paste(letters[start:(at - 1)], collapse = ""))
    }
  }
  value()
}

orders <- parse_json(paste(readLines("stdin"), collapse = "\n"))$orders
total <- sum(sapply(orders, function(order) order$price * if (is.null(order$count)) 1 else order$count))
names <- sort(sapply(orders, function(order) order$name))
cat(sprintf("{\"total\": %.2f, \"names\": [%s]}\n", total, paste0("\"", names, "\"", collapse = ", ")))
cat(tryCatch(parse_json("[1, ?]"), error = conditionMessage), "\n")
