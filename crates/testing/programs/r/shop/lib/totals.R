total <- function(items) sum(items)
