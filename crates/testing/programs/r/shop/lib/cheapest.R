cheapest <- function(items) names(which.min(items))
