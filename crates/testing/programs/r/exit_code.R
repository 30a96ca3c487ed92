invisible(reg.finalizer(globalenv(), function(e) cat("last words\n"), onexit = TRUE))
message("checked")
quit(status = 7)
