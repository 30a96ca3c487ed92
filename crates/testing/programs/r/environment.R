cat(Sys.getenv("GREETING"), Sys.getenv("ABSENT", unset = NA), Sys.getenv("HOME"), getwd(), "package:stats" %in% search(), "\n")
